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

/** A record is larger than the stream takes; nothing of its `put` was sent. */
export class RecordTooLargeError extends HighwaterError {
  override readonly name = 'RecordTooLargeError';
  readonly code = 'HW_KINESIS_RECORD_TOO_LARGE';
  readonly domain = 'user';
  readonly retry = 'never';

  constructor(bytes: number, bytesMax: number) {
    super(`putting a record of ${bytes} bytes: a stream takes at most ${bytesMax}`);
  }
}

/** The stream refused records for so long that the producer gave up. */
export class PutTimeoutError extends HighwaterError {
  override readonly name = 'PutTimeoutError';
  readonly code = 'HW_KINESIS_PUT_TIMEOUT';
  readonly domain = 'external';
  readonly retry = 'backoff';

  constructor(stream: string, recordsCount: number, elapsedMs: number, lastError: string) {
    const seconds = Math.round(elapsedMs / 1000);
    super(
      `putting ${recordsCount} records on ${stream}: refused for ${seconds} s, last: ${lastError}`,
    );
  }
}

/** A snapshot cannot be used. The shard is not started from nothing in its place. */
export class StateError extends HighwaterError {
  override readonly name = 'StateError';
  readonly code = 'HW_KINESIS_STATE';
  readonly domain = 'external';
  readonly retry = 'never';

  constructor(path: string, detail: string, options?: ErrorOptions) {
    super(`reading the snapshot ${path}: ${detail}`, options);
  }
}

/** Another worker has the shard now; what this one still computes is stopped by the fence. */
export class LeaseLostError extends HighwaterError {
  override readonly name = 'LeaseLostError';
  readonly code = 'HW_KINESIS_LEASE_LOST';
  readonly domain = 'external';
  readonly retry = 'never';

  constructor(shardId: string, epoch: number) {
    super(
      `writing a checkpoint of ${shardId} in epoch ${epoch}: another worker has taken the lease`,
    );
  }
}

/** A call to the lease table that did not succeed. */
export class LeaseTableError extends HighwaterError {
  override readonly name = 'LeaseTableError';
  readonly code = 'HW_KINESIS_LEASE_TABLE';
  readonly domain: ErrorDomain;
  readonly retry: ErrorRetry;
  /** The service's exception name, or the network's error code. */
  readonly exception: string;

  constructor(action: string, table: string, cause: Error & { code?: string }) {
    const exception = cause.code ?? cause.name;
    super(`${action} leases in the table ${table}: ${exception}: ${cause.message}`, { cause });
    this.exception = exception;
    const isOurs = permanent.has(exception) || exception === 'Error';
    this.domain = isOurs ? 'user' : 'external';
    this.retry = isOurs ? 'never' : 'backoff';
  }
}
