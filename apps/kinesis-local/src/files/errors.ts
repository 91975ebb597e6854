import { HighwaterError } from '@highwater/model';

/** What is in the data directory can not be used as it is. */
export class DataDirectoryError extends HighwaterError {
  override readonly name = 'DataDirectoryError';
  readonly code = 'HW_KINESIS_LOCAL_DATA';
  readonly domain = 'user';
  readonly retry = 'never';
}
