import { ConfigError, readSettings } from '@highwater/service';
import { localStackSettings } from '@highwater/settings';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The servers of the local stack. */
export const localEndpoints = {
  AWS_ENDPOINT_URL_KINESIS: 'http://127.0.0.1:4567',
  AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000',
  AWS_ENDPOINT_URL_TIMESTREAM_WRITE: 'http://127.0.0.1:8787',
  AWS_ENDPOINT_URL_TIMESTREAM_QUERY: 'http://127.0.0.1:8787',
} as const;

/**
 * Settings of the local stack, for those that the environment does not set.
 *
 * @throws {ConfigError} when the stack has no such store
 */
export async function localSettings({
  local = false,
  store,
}: {
  readonly local?: boolean;
  readonly store?: string | undefined;
}): Promise<Readonly<Record<string, string>>> {
  if (!local && store === undefined) return {};
  if (store === undefined || store === 'timestream') return localEndpoints;
  if (store !== 'postgres') return { ...localEndpoints, HW_STORE: store };
  return { ...localEndpoints, ...(await ownPostgres()) };
}

/** The stack writes the address of its PostgreSQL server, with the password, to its data directory. */
async function ownPostgres(): Promise<Readonly<Record<string, string>>> {
  const { HW_DATA_DIR } = readSettings({ HW_DATA_DIR: localStackSettings.HW_DATA_DIR });
  const file = join(HW_DATA_DIR, 'postgres-url');
  const text = await readFile(file, 'utf8').catch(() => '');
  if (!URL.canParse(text)) {
    throw new ConfigError([
      `${file} has no address of a PostgreSQL server: run npm start -- --store postgres, or set HW_DATA_DIR to the data directory of the stack`,
    ]);
  }
  const url = new URL(text);
  const password = decodeURIComponent(url.password);
  url.password = '';
  return { HW_STORE: url.href.trim(), HW_STORE_PASSWORD: password };
}
