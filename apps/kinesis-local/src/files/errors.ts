import { HighwaterError } from '@highwater/model';

/** The content of the data directory cannot be used. */
export class DataDirectoryError extends HighwaterError {
  override readonly name = 'DataDirectoryError';
  readonly code = 'HW_KINESIS_LOCAL_DATA';
  readonly domain = 'user';
  readonly retry = 'never';
}
