import type { RowReader, StoreTable } from '@highwater/model';
import type { PostgresServer } from '@highwater/postgres-server';
import { loadConfig, systemClock, systemRandom } from '@highwater/service';
import { defineStoreMetrics } from '@highwater/store-kit';
import { openReader, openStore, readerConfig, storeConfig } from '@highwater/stores';
import { silentLogger } from '@highwater/testkit';
import { startTimestreamLocal } from '@highwater/timestream-local';
import { readFile } from 'node:fs/promises';
import { Client } from 'pg';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillStoreForReading, type FilledStore } from '../store-contract/filled-store.ts';
import { temporaryPostgres } from '../store-contract/temporary-postgres.ts';
import { panelContract } from './panel-contract.ts';

// Goal: each panel shows what is stored. Method: fill a real engine through the stores, ask it what the
// data source of Grafana would ask it, and compare the answers with what was written.

type Environment = Readonly<Record<string, string>>;

const { signal } = new AbortController();

/** Opens a table as a service would. */
function open(environment: Environment, table: StoreTable) {
  return openStore(loadConfig(storeConfig, environment), table, {
    clock: systemClock,
    log: silentLogger,
    metrics: defineStoreMetrics(new Registry()),
    random: systemRandom,
    signal,
  });
}

function read(environment: Environment): Promise<RowReader & AsyncDisposable> {
  return openReader(loadConfig(readerConfig, environment), {
    clock: systemClock,
    requestsInFlightMax: 2,
    requestTimeoutMs: 60_000,
  });
}

describe('the dashboard of rows in Timestream', () => {
  const stack = new AsyncDisposableStack();
  let reader: RowReader;
  let filled: FilledStore;

  beforeAll(async () => {
    const { endpoint } = stack.use(await startTimestreamLocal());
    const writing = { AWS_ENDPOINT_URL_TIMESTREAM_WRITE: endpoint };
    filled = await fillStoreForReading({ open: (table) => open(writing, table), seed: 'grafana' });
    reader = stack.use(await read({ AWS_ENDPOINT_URL_TIMESTREAM_QUERY: endpoint }));
  });
  afterAll(() => stack.disposeAsync());

  it.each(panelContract)('has the panel $title', async ({ hold }) => {
    await expect(hold({ engine: 'timestream', reader, filled })).resolves.toBeUndefined();
  });
});

describe('the dashboard of rows in PostgreSQL', () => {
  const stack = new AsyncDisposableStack();
  let reader: RowReader;
  let filled: FilledStore;

  beforeAll(async () => {
    const { server } = stack.use(await temporaryPostgres());
    await makeReadingRole(server);
    const writing = environmentOf(server.url);
    filled = await fillStoreForReading({ open: (table) => open(writing, table), seed: 'grafana' });
    const url = new URL(server.url);
    url.username = 'highwater_reader';
    reader = stack.use(await read(environmentOf(url.href)));
  });
  afterAll(() => stack.disposeAsync());

  it.each(panelContract)('has the panel $title', async ({ hold }) => {
    await expect(hold({ engine: 'postgres', reader, filled })).resolves.toBeUndefined();
  });
});

/** Runs what the stack of Compose runs in the database; role and database are there already. */
async function makeReadingRole({ url }: Pick<PostgresServer, 'url'>): Promise<void> {
  const roles = await readFile(new URL('../../infra/postgres/roles.sql', import.meta.url), 'utf8');
  const [, statements = ''] = roles.split('\\connect highwater\n');
  const client = new Client(url);
  await client.connect();
  try {
    const password = client.escapeLiteral(new URL(url).password);
    await client.query(statements.replaceAll(":'password'", password));
  } finally {
    await client.end();
  }
}

/** A URL with a password, as settings have them. */
function environmentOf(text: string): Environment {
  const url = new URL(text);
  const { password } = url;
  url.password = '';
  return { HW_STORE: url.href, HW_STORE_PASSWORD: password };
}
