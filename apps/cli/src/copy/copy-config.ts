import { ConfigError } from '@highwater/service';
import { copySettings, readStoreUrl, settings, type Config } from '@highwater/settings';
import type { StoreAddress } from '@highwater/settings';
import type { StoreTable } from '@highwater/model';
import { readerConfig, storeConfig, type ReaderConfig, type StoreConfig } from '@highwater/stores';

const { HW_STATE_DIR, HW_VIEWS } = settings;
const {
  HW_STORE: _store,
  HW_STORE_PASSWORD: _text,
  HW_STORE_PASSWORD_FILE: _file,
  HW_STORE_PASSWORD_SECRET: _secret,
  ...shared
} = { ...readerConfig, ...storeConfig };

/** The settings of `highwater copy`. Those of stores are for both sides, as the services read them. */
export const copyConfig = { ...copySettings, ...shared, HW_STATE_DIR, HW_VIEWS };

export type CopyConfig = Config<typeof copyConfig>;

/** One of the two stores, as the settings of a service would name it. */
export interface Side {
  readonly address: StoreAddress;
  readonly config: StoreConfig & ReaderConfig;
  readonly settingsPrefix: string;
}

/** @throws {ConfigError} naming what is wrong with each URL, or that both have a table in common */
export function readSides(
  config: CopyConfig,
  urls: { readonly from: string; readonly to: string },
  tables: readonly StoreTable[],
): { readonly from: Side; readonly to: Side } {
  const [from, to] = [readStoreUrl(urls.from), readStoreUrl(urls.to)];
  if ('problems' in from || 'problems' in to) {
    throw new ConfigError([...problemsOf('--from', from), ...problemsOf('--to', to)]);
  }
  const common = commonTables(from.address, to.address).filter((table) => tables.includes(table));
  if (common.length > 0) {
    throw new ConfigError([
      `--from and --to have the same table for ${common.join(' and ')}: name another store, or choose other tables with --table`,
    ]);
  }
  const {
    HW_COPY_FROM_PASSWORD,
    HW_COPY_FROM_PASSWORD_FILE,
    HW_COPY_FROM_PASSWORD_SECRET,
    HW_COPY_TO_PASSWORD,
    HW_COPY_TO_PASSWORD_FILE,
    HW_COPY_TO_PASSWORD_SECRET,
    ...rest
  } = config;
  return {
    from: {
      address: from.address,
      config: {
        ...rest,
        HW_STORE: from.address,
        HW_STORE_PASSWORD: HW_COPY_FROM_PASSWORD,
        HW_STORE_PASSWORD_FILE: HW_COPY_FROM_PASSWORD_FILE,
        HW_STORE_PASSWORD_SECRET: HW_COPY_FROM_PASSWORD_SECRET,
      },
      settingsPrefix: 'HW_COPY_FROM',
    },
    to: {
      address: to.address,
      config: {
        ...rest,
        HW_STORE: to.address,
        HW_STORE_PASSWORD: HW_COPY_TO_PASSWORD,
        HW_STORE_PASSWORD_FILE: HW_COPY_TO_PASSWORD_FILE,
        HW_STORE_PASSWORD_SECRET: HW_COPY_TO_PASSWORD_SECRET,
      },
      settingsPrefix: 'HW_COPY_TO',
    },
  };
}

/** Not the URL itself, which may contain a password. */
function problemsOf(option: string, read: ReturnType<typeof readStoreUrl>): readonly string[] {
  return 'problems' in read ? read.problems.map((problem) => `${option} ${problem}`) : [];
}

/** Copying a table onto itself would do nothing, or make copied versions of its rows. */
function commonTables(from: StoreAddress, to: StoreAddress): readonly StoreTable[] {
  if (from.engine === 'timestream' && to.engine === 'timestream') {
    if (from.database !== to.database) return [];
    return from.table === to.table ? ['raw', 'views', 'corrections'] : ['corrections'];
  }
  return placeOf(from) === placeOf(to) ? ['raw', 'views', 'corrections'] : [];
}

function placeOf(address: StoreAddress): string {
  if (address.engine === 'timestream') return address.engine;
  const { engine, host, port, database } = address;
  return JSON.stringify([engine, host, port, database, 'schema' in address && address.schema]);
}
