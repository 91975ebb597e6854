import { HighwaterError, type ErrorDomain, type ErrorRetry } from '@highwater/model';

/** PostgreSQL cannot be used: a missing right or table, or an outage longer than we wait. */
export class PostgresError extends HighwaterError {
  override readonly name = 'PostgresError';
  readonly code = 'HW_POSTGRES_CALL';
  readonly domain: ErrorDomain;
  readonly retry: ErrorRetry;

  constructor(
    message: string,
    kind: { domain: ErrorDomain; retry: ErrorRetry },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.domain = kind.domain;
    this.retry = kind.retry;
  }
}

/** Something that only the operator of the database can change. */
export function unusable(message: string, options?: ErrorOptions): PostgresError {
  return new PostgresError(message, { domain: 'user', retry: 'never' }, options);
}
