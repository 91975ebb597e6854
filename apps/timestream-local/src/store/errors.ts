import { HighwaterError } from '@highwater/model';

/** The data file cannot be used: another process has it, it is damaged, or it is not one of ours. */
export class DataFileError extends HighwaterError {
  override readonly name = 'DataFileError';
  readonly code = 'HW_TIMESTREAM_LOCAL_DATA_FILE';
  readonly domain = 'user';
  readonly retry = 'never';
}

/** There is not enough space to store the data. The same request succeeds once there is some. */
export class OutOfSpaceError extends HighwaterError {
  override readonly name = 'OutOfSpaceError';
  readonly code = 'HW_TIMESTREAM_LOCAL_OUT_OF_SPACE';
  readonly domain = 'external';
  readonly retry = 'backoff';

  constructor(path: string | undefined, cause: unknown) {
    super(`storing in ${path ?? 'memory'}: no space left on the device (${String(cause)})`, {
      cause,
    });
  }
}
