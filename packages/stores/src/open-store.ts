import { ClickhouseError, openClickhouseReader, openClickhouseStore } from '@highwater/clickhouse';
import type { OpenStore, RowReader, StoreTable } from '@highwater/model';
import { inspectPostgresStore, openPostgresReader, openPostgresStore } from '@highwater/postgres';
import type { ClickhouseAddress, PostgresAddress, StoreAddress } from '@highwater/settings';
import type { ReaderOptions, StoreOptions } from '@highwater/store-kit';
import { openTimestreamReader, openTimestreamStore } from '@highwater/timestream';
import { StoreConfigError } from './errors.ts';
import { passwordOf } from './read-password.ts';
import type { ReaderConfig, StoreConfig } from './store-config.ts';
import { timestreamTable } from './timestream-table.ts';

/** What a program brings to a store. */
export interface StorePorts extends Pick<
  StoreOptions,
  'clock' | 'log' | 'metrics' | 'random' | 'signal'
> {
  /** What messages call the settings of the password. @default `HW_STORE` */
  readonly settingsPrefix?: string | undefined;
}

/** How a program reads, and what messages call the settings of the password. */
export type ReaderPorts = ReaderOptions & Pick<StorePorts, 'settingsPrefix'>;

/**
 * Opens one table of the store that `HW_STORE` names, for writing. What is missing is created, unless
 * `HW_STORE_CREATE` is false.
 *
 * @throws {HighwaterError} when the store cannot be used: a wrong address, password, right, or version
 */
export async function openStore(
  config: StoreConfig,
  table: StoreTable,
  ports: StorePorts,
): Promise<OpenStore> {
  return openTable(config, table, ports).catch(blameSettings);
}

/** @throws the error about the settings of the password, where it is why a store cannot be used */
function blameSettings(error: unknown): never {
  const { cause } = error as Error;
  throw cause instanceof StoreConfigError ? cause : error;
}

async function openTable(
  config: StoreConfig,
  table: StoreTable,
  ports: StorePorts,
): Promise<OpenStore> {
  const address = config.HW_STORE;
  const options = storeOptions(config, table, ports);
  switch (address.engine) {
    case 'timestream':
      return openTimestreamStore(timestreamTable(config, address, table), options);
    case 'postgres':
      return openPostgresStore(postgresLogin(config, address, ports), options);
    case 'clickhouse':
      return openClickhouseStore(clickhouseLogin(config, address, ports), options);
  }
}

/**
 * Looks at one table of a store other than Timestream as its writer would, and changes nothing.
 *
 * @returns `missing` or `outdated` when its writer has to make or change the table first
 * @throws {HighwaterError} when the store cannot be used: a wrong address, password, right, or version
 */
export async function inspectStore(
  config: StoreConfig,
  address: Exclude<StoreAddress, { engine: 'timestream' }>,
  table: StoreTable,
  ports: StorePorts,
): Promise<'ready' | 'missing' | 'outdated'> {
  const options = storeOptions(config, table, ports);
  if (address.engine === 'postgres') {
    const login = postgresLogin(config, address, ports);
    return inspectPostgresStore(login, options).catch(blameSettings);
  }
  // Its tables expire rows by themselves, so opening one changes nothing unless it may be created.
  const login = clickhouseLogin(config, address, ports);
  try {
    await using _store = await openClickhouseStore(login, { ...options, mayCreate: false });
    return 'ready';
  } catch (error) {
    if (error instanceof ClickhouseError && error.exception === 'UNKNOWN_TABLE') return 'missing';
    return blameSettings(error);
  }
}

function storeOptions(config: StoreConfig, table: StoreTable, ports: StorePorts): StoreOptions {
  const isTimestream = config.HW_STORE.engine === 'timestream';
  const { settingsPrefix: _prefix, ...given } = ports;
  return {
    ...given,
    table,
    mayCreate: config.HW_STORE_CREATE,
    retentionDays: table === 'raw' ? config.HW_STORE_RAW_DAYS : config.HW_STORE_ROWS_DAYS,
    requestsInFlightMax: config.HW_STORE_REQUESTS_IN_FLIGHT_MAX ?? (isTimestream ? 8 : 2),
    requestTimeoutMs: config.HW_STORE_REQUEST_TIMEOUT_MS,
    giveUpAfterMs: config.HW_STORE_GIVE_UP_AFTER_MS,
  };
}

/**
 * Opens the store that `HW_STORE` names, for reading.
 *
 * @throws {HighwaterError} when its settings contradict each other
 */
export async function openReader(config: ReaderConfig, ports: ReaderPorts): Promise<RowReader> {
  const { settingsPrefix: _prefix, ...options } = ports;
  const address = config.HW_STORE;
  switch (address.engine) {
    case 'timestream':
      return openTimestreamReader({
        ...options,
        region: config.AWS_REGION,
        endpoint: config.AWS_ENDPOINT_URL_TIMESTREAM_QUERY,
        names: { ...address, corrections: config.HW_TIMESTREAM_CORRECTIONS_TABLE },
      });
    case 'postgres':
      return openPostgresReader(postgresLogin(config, address, ports), options);
    case 'clickhouse':
      return openClickhouseReader(clickhouseLogin(config, address, ports), options);
  }
}

type PasswordConfig = Parameters<typeof passwordOf>[0];
type LoginPorts = Pick<StorePorts, 'clock' | 'settingsPrefix'>;

function postgresLogin(config: PasswordConfig, address: PostgresAddress, ports: LoginPorts) {
  const { tlsCaFile: caFile, ...rest } = address;
  return { ...rest, caFile, password: readPassword(config, address, ports) };
}

function clickhouseLogin(config: PasswordConfig, address: ClickhouseAddress, ports: LoginPorts) {
  return { ...address, password: readPassword(config, address, ports) };
}

function readPassword(
  config: PasswordConfig,
  address: PostgresAddress | ClickhouseAddress,
  { clock, settingsPrefix: prefix = 'HW_STORE' }: LoginPorts,
) {
  return passwordOf(config, address, { prefix, clock });
}
