import {
  openClickhouseReader,
  openClickhouseStore,
  type ClickhouseLogin,
} from '@highwater/clickhouse';
import type { StoreTable } from '@highwater/model';
import { systemClock, systemRandom } from '@highwater/service';
import { defineStoreMetrics, type StoreOptions } from '@highwater/store-kit';
import { silentLogger } from '@highwater/testkit';
import { Registry } from 'prom-client';
import type { Engine } from './start-engine.ts';

export const password = 'secret of the engine';

/** The address of an engine's database. */
export function loginTo(
  { port }: Pick<Engine, 'port'>,
  overrides: Partial<ClickhouseLogin> = {},
): ClickhouseLogin {
  return {
    engine: 'clickhouse',
    host: '127.0.0.1',
    port,
    database: 'highwater',
    user: 'default',
    tls: 'off',
    password: async () => password,
    ...overrides,
  };
}

/** What a writer would open a table with, with short times. */
export function storeOptions(
  table: StoreTable,
  overrides: Partial<StoreOptions> = {},
): StoreOptions {
  return {
    table,
    mayCreate: true,
    retentionDays: 30,
    requestsInFlightMax: 2,
    requestTimeoutMs: 30_000,
    giveUpAfterMs: 120_000,
    clock: systemClock,
    random: systemRandom,
    log: silentLogger,
    metrics: defineStoreMetrics(new Registry()),
    signal: new AbortController().signal,
    ...overrides,
  };
}

export function openTable(
  engine: Pick<Engine, 'port'>,
  table: StoreTable,
  { login, ...options }: Partial<StoreOptions> & { login?: Partial<ClickhouseLogin> } = {},
) {
  return openClickhouseStore(loginTo(engine, login), storeOptions(table, options));
}

export function openReader(engine: Pick<Engine, 'port'>, login: Partial<ClickhouseLogin> = {}) {
  return openClickhouseReader(loginTo(engine, login), {
    requestsInFlightMax: 4,
    requestTimeoutMs: 60_000,
    clock: systemClock,
  });
}
