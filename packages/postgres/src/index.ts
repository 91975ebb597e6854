import type { OpenStore, RowReader } from '@highwater/model';
import type { ReaderOptions, StoreOptions } from '@highwater/store-kit';
import type { PostgresAddress as Address } from '@highwater/settings';

/** Placeholder until the adapter is merged. */
export interface PostgresLogin extends Address {
  readonly password: () => Promise<string | undefined>;
}
export async function openPostgresStore(
  _login: PostgresLogin,
  _options: StoreOptions,
): Promise<OpenStore> {
  throw new Error('not merged yet');
}
export function openPostgresReader(_login: PostgresLogin, _options: ReaderOptions): RowReader {
  throw new Error('not merged yet');
}
