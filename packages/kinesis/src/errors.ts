import {
  HighwaterError,
  isOutOfSpace,
  rightsAdvice,
  type ErrorDomain,
  type ErrorRetry,
} from '@highwater/model';

/** A failed call to Kinesis, named as the service names it. */
export class KinesisError extends HighwaterError {
  override readonly name = 'KinesisError';
  readonly code = 'HW_KINESIS_CALL';
  readonly domain: ErrorDomain;
  readonly retry: ErrorRetry;
  /** The service's exception name, e.g. `ExpiredIteratorException`, or the network's error code. */
  readonly exception: string;

  constructor(operation: string, exception: string, detail: string, options?: ErrorOptions) {
    super(`calling ${operation}: ${exception}: ${detail}${rightsAdvice(exception)}`, options);
    this.exception = exception;
    const isOurs = permanent.has(exception);
    this.domain = isOurs ? 'user' : 'external';
    this.retry = isOurs ? 'never' : 'backoff';
  }
}

/**
 * Exceptions that the same call would cause again: wrong name, wrong argument, missing permission.
 */
const permanent = new Set([
  'AccessDeniedException',
  'InvalidArgumentException',
  'ResourceNotFoundException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'ValidationException',
  'KMSAccessDeniedException',
  'ExpiredIteratorException',
  'AccessDenied',
  'NoSuchBucket',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
]);

/** A record is larger than the stream accepts. Nothing of its `put` was sent. */
export class RecordTooLargeError extends HighwaterError {
  override readonly name = 'RecordTooLargeError';
  readonly code = 'HW_KINESIS_RECORD_TOO_LARGE';
  readonly domain = 'user';
  readonly retry = 'never';

  constructor(bytes: number, bytesMax: number) {
    super(
      `putting a record of ${bytes} bytes: a stream accepts at most ${bytesMax} bytes; send smaller records`,
    );
  }
}

/** The stream rejected records until the producer's time limit. */
export class PutTimeoutError extends HighwaterError {
  override readonly name = 'PutTimeoutError';
  readonly code = 'HW_KINESIS_PUT_TIMEOUT';
  readonly domain = 'external';
  readonly retry = 'backoff';

  constructor(stream: string, recordsCount: number, elapsedMs: number, lastError: string) {
    const seconds = Math.round(elapsedMs / 1000);
    super(
      `putting ${recordsCount} records on ${stream}: not accepted for ${seconds} s; last error: ${lastError}`,
    );
  }
}

/** A snapshot cannot be used. The shard is not started without its state instead. */
export class StateError extends HighwaterError {
  override readonly name = 'StateError';
  readonly code = 'HW_KINESIS_STATE';
  readonly domain = 'external';
  readonly retry = 'never';

  constructor(path: string, detail: string, options?: ErrorOptions) {
    super(
      `reading the snapshot ${path}: ${detail}; put a copy of it back, or start once with HW_RECOVER=replay`,
      options,
    );
  }
}

/** Another worker owns the shard now. The fence rejects further writes of this worker. */
export class LeaseLostError extends HighwaterError {
  override readonly name = 'LeaseLostError';
  readonly code = 'HW_KINESIS_LEASE_LOST';
  readonly domain = 'external';
  readonly retry = 'never';

  constructor(shardId: string, epoch: number) {
    super(`reading ${shardId} in epoch ${epoch}: another worker has taken the lease`);
  }
}

/**
 * Too many records of a shard cannot be processed, so the records are probably not at fault. No more
 * are set aside, and the process ends.
 */
export class SetAsideLimitError extends HighwaterError {
  override readonly name = 'SetAsideLimitError';
  readonly code = 'HW_KINESIS_SET_ASIDE_LIMIT';
  readonly domain = 'internal';
  readonly retry = 'never';

  constructor(shardId: string, why: string, options?: ErrorOptions) {
    super(
      `reading ${shardId}: ${why}. This version of the service probably cannot process the records of ` +
        'its producers. Deploy a version that can, then send the records that were set ' +
        'aside again from the dead letters (reason processing_failed)',
      options,
    );
  }
}

/** A failed call to the store of snapshots. */
export class StateStoreError extends HighwaterError {
  override readonly name = 'StateStoreError';
  readonly code = 'HW_KINESIS_STATE_STORE';
  readonly domain: ErrorDomain;
  readonly retry: ErrorRetry;
  /** The service's exception name, or the network's error code. */
  readonly exception: string;

  constructor(action: string, path: string, cause: Error & { code?: string }) {
    const exception = cause.code ?? cause.name;
    const advice = rightsAdvice(exception);
    super(`${action} the snapshot ${path}: ${exception}: ${cause.message}${advice}`, { cause });
    this.exception = exception;
    const isOurs = permanent.has(exception);
    this.domain = isOurs ? 'user' : 'external';
    this.retry = isOurs ? 'never' : 'backoff';
  }
}

/** The leases belong to another stream, so their positions mean nothing in this one. */
export class StreamReplacedError extends HighwaterError {
  override readonly name = 'StreamReplacedError';
  readonly code = 'HW_KINESIS_STREAM_REPLACED';
  readonly domain = 'user';
  readonly retry = 'never';

  constructor(stream: string, leasesOfMs: number, createdMs: number) {
    super(
      `opening ${stream}: it was created at ${isoTime(createdMs)}, but the leases belong to a stream created at ` +
        `${isoTime(leasesOfMs)}; to read the new stream from HW_KINESIS_START, remove the leases and their snapshots`,
    );
  }
}

function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

/** A failed call to the lease table. */
export class LeaseTableError extends HighwaterError {
  override readonly name = 'LeaseTableError';
  readonly code = 'HW_KINESIS_LEASE_TABLE';
  readonly domain: ErrorDomain;
  readonly retry: ErrorRetry;
  /** The service's exception name, or the network's error code. */
  readonly exception: string;

  constructor(action: string, table: string, cause: Error & { code?: string }) {
    const exception = cause.code ?? cause.name;
    const said = `${exception}: ${cause.message}${rightsAdvice(exception)}`;
    super(`${action} leases in the table ${table}: ${said}`, { cause });
    this.exception = exception;
    const isOurs = permanent.has(exception) || exception === 'Error';
    this.domain = isOurs ? 'user' : 'external';
    this.retry = isOurs ? 'never' : 'backoff';
  }
}

/**
 * A lease or a snapshot could not be written to the disk. The file still has its previous content.
 * If the disk is full, the write is retried until there is space.
 */
export class FileWriteError extends HighwaterError {
  override readonly name = 'FileWriteError';
  readonly code = 'HW_KINESIS_FILE_WRITE';
  readonly domain = 'external';
  readonly retry: ErrorRetry;
  /** The system's code, e.g. `ENOSPC`. */
  readonly exception: string;

  constructor(path: string, cause: NodeJS.ErrnoException) {
    super(`writing ${path}: ${cause.message}`, { cause });
    this.exception = cause.code ?? cause.name;
    this.retry = isOutOfSpace(cause) ? 'backoff' : 'never';
  }
}

/** The file of a lease cannot be used. Its shard is not read from another position instead. */
export class LeaseFileError extends HighwaterError {
  override readonly name = 'LeaseFileError';
  readonly code = 'HW_KINESIS_LEASE_FILE';
  readonly domain = 'user';
  readonly retry = 'never';

  constructor(path: string, detail: string, options?: ErrorOptions) {
    super(
      `reading the lease ${path}: ${detail}; put back a copy of all leases and snapshots of this service, ` +
        'or remove them all; the service then reads its shards from HW_KINESIS_START again',
      options,
    );
  }
}
