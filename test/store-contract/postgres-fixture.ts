import type { StoreTable } from '@highwater/model';
import { openPostgresStore, type PostgresAddress } from '@highwater/postgres';
import type { PostgresServer } from '@highwater/postgres-server';
import { systemClock, systemRandom } from '@highwater/service';
import { defineStoreMetrics, type StoreOptions } from '@highwater/store-kit';
import { silentLogger } from '@highwater/testkit';
import { Registry } from 'prom-client';

/** The address of a test server's database. */
export function addressOf(
  { url }: Pick<PostgresServer, 'url'>,
  overrides: Partial<PostgresAddress> = {},
): PostgresAddress {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    host: hostname,
    port: Number(port),
    user: username,
    database: pathname.slice(1),
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
    retentionDays: 3,
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

/** Opens a table of a test server's database. */
export function openTable(
  server: Pick<PostgresServer, 'url'>,
  table: StoreTable,
  {
    address,
    ...options
  }: Partial<StoreOptions> & { readonly address?: Partial<PostgresAddress> } = {},
) {
  return openPostgresStore(addressOf(server, address), storeOptions(table, options));
}
