import { HighwaterError } from '@highwater/model';

/** The settings of the store contradict each other, or name a password that cannot be read. */
export class StoreConfigError extends HighwaterError {
  override readonly name = 'StoreConfigError';
  readonly code = 'HW_STORE_CONFIG';
  readonly domain = 'user';
  readonly retry = 'never';
}
