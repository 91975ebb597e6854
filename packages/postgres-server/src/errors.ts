import { HighwaterError, type ErrorDomain, type ErrorRetry } from '@highwater/model';

/** The server cannot run on this machine, or not in this directory. */
export class PostgresServerError extends HighwaterError {
  override readonly name = 'PostgresServerError';
  readonly code = 'HW_POSTGRES_SERVER';
  readonly domain: ErrorDomain = 'user';
  readonly retry: ErrorRetry = 'never';
}
