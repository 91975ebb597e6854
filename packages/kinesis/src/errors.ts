import { HighwaterError, type ErrorDomain, type ErrorRetry } from '@highwater/model';

/** A call to Kinesis that did not succeed, named as the service names it. */
export class KinesisError extends HighwaterError {
  override readonly name = 'KinesisError';
  readonly code = 'HW_KINESIS_CALL';
  readonly domain: ErrorDomain;
  readonly retry: ErrorRetry;
  /** The service's exception name, e.g. `ExpiredIteratorException`, or the network's error code. */
  readonly exception: string;

  constructor(operation: string, exception: string, detail: string, options?: ErrorOptions) {
    super(`calling ${operation}: ${exception}: ${detail}`, options);
    this.exception = exception;
    const isOurs = permanent.has(exception);
    this.domain = isOurs ? 'user' : 'external';
    this.retry = isOurs ? 'never' : 'backoff';
  }
}

/** Exceptions that the same call will meet again: wrong name, wrong argument, missing right. */
const permanent = new Set([
  'AccessDeniedException',
  'InvalidArgumentException',
  'ResourceNotFoundException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'ValidationException',
  'KMSAccessDeniedException',
  'ExpiredIteratorException',
]);
