import type { Row } from '@highwater/model';
import type { PostgresServer } from '@highwater/postgres-server';
import { loadConfig, systemClock, systemRandom } from '@highwater/service';
import { defineStoreMetrics } from '@highwater/store-kit';
import { openStore, storeConfig } from '@highwater/stores';
import { silentLogger } from '@highwater/testkit';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryPostgres } from './temporary-postgres.ts';

const { signal } = new AbortController();
const stack = new AsyncDisposableStack();
let server: PostgresServer;
let passwordFile: string;

beforeAll(async () => {
  const temporary = stack.use(await temporaryPostgres());
  ({ server } = temporary);
  passwordFile = join(temporary.directory, 'password');
});
afterAll(() => stack.disposeAsync());

function opened(HW_STORE: string, metrics = defineStoreMetrics(new Registry())) {
  const config = loadConfig(storeConfig, { HW_STORE, HW_STORE_PASSWORD_FILE: passwordFile });
  const ports = { clock: systemClock, random: systemRandom, log: silentLogger, metrics, signal };
  return openStore(config, 'raw', ports);
}

function row(version: number): Row {
  return {
    measureName: 'rotated',
    measureValueType: 'BIGINT',
    measureValue: String(version),
    dimensions: [{ name: 'site', value: 'a' }],
    time: String(Date.now()),
    timeUnit: 'MILLISECONDS',
    version,
  };
}

function urlWithoutPassword(): string {
  const url = new URL(server.url);
  url.password = '';
  return url.href;
}

describe('the file with the password of a store', () => {
  it.each([
    ['PostgreSQL', urlWithoutPassword],
    ['ClickHouse', () => 'clickhouse://hw@127.0.0.1:1/metrics'],
  ])('has to be right when a store of %s is opened', async (_, url) => {
    await rm(passwordFile, { force: true });
    await expect(opened(url())).rejects.toMatchObject({
      code: 'HW_STORE_CONFIG',
      domain: 'user',
      message: expect.stringContaining('reading HW_STORE_PASSWORD_FILE: ENOENT'),
    });
    await writeFile(passwordFile, '\n');
    await expect(opened(url())).rejects.toMatchObject({
      code: 'HW_STORE_CONFIG',
      message: expect.stringContaining(`${passwordFile} is empty`),
    });
  });

  it('may be empty for a moment while the store is open', async () => {
    const { password } = new URL(server.url);
    await writeFile(passwordFile, `${password}\n`);
    const metrics = defineStoreMetrics(new Registry());
    await using store = await opened(urlWithoutPassword(), metrics);
    expect(await store.write([row(1)], signal)).toEqual([{ status: 'written' }]);
    await writeFile(passwordFile, '');
    await closeConnections();
    const writing = store.write([row(2)], signal);
    await expect
      .poll(async () => (await metrics.retries.get()).values)
      .toContainEqual(expect.objectContaining({ labels: { reason: 'signature_expired' } }));
    await writeFile(passwordFile, `${password}\n`);
    expect(await writing).toEqual([{ status: 'written' }]);
  });
});

/** So that the next statement needs a new connection, and the password. */
async function closeConnections(): Promise<void> {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where application_name = 'highwater' and pid <> pg_backend_pid()`,
  );
  await client.end();
}
