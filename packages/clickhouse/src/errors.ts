import { HighwaterError, type ErrorDomain, type ErrorRetry } from '@highwater/model';

/** ClickHouse cannot be used: a missing right or table, or an outage longer than we wait. */
export class ClickhouseError extends HighwaterError {
  override readonly name = 'ClickhouseError';
  readonly code = 'HW_CLICKHOUSE_CALL';
  readonly domain: ErrorDomain;
  readonly retry: ErrorRetry;
  /** The engine's name of the error, e.g. `ACCESS_DENIED`, or the network's error code. */
  readonly exception: string;

  constructor(
    message: string,
    kind: { domain: ErrorDomain; retry: ErrorRetry; exception: string },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.domain = kind.domain;
    this.retry = kind.retry;
    this.exception = kind.exception;
  }
}

/** A server, a schema or a setting that somebody has to change. */
export function unusable(message: string, exception: string): ClickhouseError {
  return new ClickhouseError(message, { domain: 'user', retry: 'never', exception });
}
