import { HighwaterError } from '@highwater/model';

/** The data file cannot be opened: another process has it, or it is not one of ours. */
export class DataFileError extends HighwaterError {
  override readonly name = 'DataFileError';
  readonly code = 'HW_TIMESTREAM_LOCAL_DATA_FILE';
  readonly domain = 'user';
  readonly retry = 'never';
}
