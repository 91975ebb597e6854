import type { OpenStore, RowReader } from '@highwater/model';
import type { ReaderOptions, StoreOptions } from '@highwater/store-kit';
import type { ClickhouseAddress as Address } from '@highwater/settings';

/** Placeholder until the adapter is merged. */
export interface ClickhouseLogin extends Address {
  readonly password: () => Promise<string | undefined>;
}
export async function openClickhouseStore(
  _login: ClickhouseLogin,
  _options: StoreOptions,
): Promise<OpenStore> {
  throw new Error('not merged yet');
}
export function openClickhouseReader(_login: ClickhouseLogin, _options: ReaderOptions): RowReader {
  throw new Error('not merged yet');
}
