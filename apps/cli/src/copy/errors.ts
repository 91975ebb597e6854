import { HighwaterError } from '@highwater/model';

/** The file with the ranges that were copied cannot be used, or belongs to another copy. */
export class CopyStateError extends HighwaterError {
  override readonly name = 'CopyStateError';
  readonly code = 'HW_CLI_COPY_STATE';
  readonly domain = 'user';
  readonly retry = 'never';
}

/** There is nothing to copy where there should be something. */
export class NothingToCopyError extends HighwaterError {
  override readonly name = 'NothingToCopyError';
  readonly code = 'HW_CLI_NOTHING_TO_COPY';
  readonly domain = 'user';
  readonly retry = 'never';
}
