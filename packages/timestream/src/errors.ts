import { HighwaterError, type ErrorDomain, type ErrorRetry } from '@highwater/model';

/** Timestream cannot be used: a permission or table is missing, or an outage lasts too long. */
export class TimestreamError extends HighwaterError {
  override readonly name = 'TimestreamError';
  readonly code = 'HW_TIMESTREAM_CALL';
  readonly domain: ErrorDomain;
  readonly retry: ErrorRetry;
  /** The service's exception name, e.g. `AccessDeniedException`, or the network's error code. */
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
