import type { OpenStore, Row } from '@highwater/model';
import { startPostgres, type PostgresServer } from '@highwater/postgres-server';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCuttingProxy, type CuttingProxy } from './cutting-proxy.ts';
import { addressOf, openTable, storeOptions } from './postgres-fixture.ts';
import { temporaryPostgres, type TemporaryPostgres } from './temporary-postgres.ts';

const stack = new AsyncDisposableStack();
const { signal } = new AbortController();
let temporary: TemporaryPostgres;
let server: PostgresServer;

beforeAll(async () => {
  temporary = stack.use(await temporaryPostgres());
  ({ server } = temporary);
});
afterAll(() => stack.disposeAsync());

async function startAgain(): Promise<void> {
  const { directory } = temporary;
  server = stack.use(await startPostgres({ directory, port: server.port }));
}

/** Ends the server as a crash would, and returns when it is gone. */
async function crash(): Promise<void> {
  process.kill(server.pid, 'SIGKILL');
  await server[Symbol.asyncDispose]();
}

function rowOf(series: number, version: number, measureName = 'outages'): Row {
  return {
    measureName,
    measureValueType: 'BIGINT',
    measureValue: String(version),
    dimensions: [{ name: 'series', value: String(series) }],
    time: String(Math.floor(Date.now() / 86_400_000) * 86_400_000),
    timeUnit: 'MILLISECONDS',
    version,
  };
}

/** Version and value by series. */
async function storedOf(
  measureName: string,
): Promise<ReadonlyMap<number, readonly [number, number]>> {
  const { password, host, port, user, database } = addressOf(server);
  const client = new Client({ host, port, user, database, password: (await password()) ?? '' });
  await client.connect();
  try {
    const { rows } = await client.query<{ series: string; version: string; value: string }>(
      `select s.dimensions ->> 'series' as series, p.version, p.value_bigint as value
       from highwater_data.raw p join highwater_data.series s using (series_id)
       where s.measure_name = $1`,
      [measureName],
    );
    return new Map(
      rows.map(({ series, version, value }) => [Number(series), [Number(version), Number(value)]]),
    );
  } finally {
    await client.end();
  }
}

function written(count: number) {
  return Array.from({ length: count }, () => ({ status: 'written' }));
}

describe('PostgresStore when the server goes away', () => {
  let store: OpenStore;
  beforeAll(async () => {
    store = stack.use(await openTable(server, 'raw'));
  });

  it('looks series up again after a failover that no statement saw', async () => {
    expect(await store.write([rowOf(1, 1, 'unseen')], signal)).toEqual([{ status: 'written' }]);
    // The new primary does not have the newest series.
    const { password, host, port, user, database } = addressOf(server);
    const person = new Client({ host, port, user, database, password: (await password()) ?? '' });
    await person.connect();
    await person.query(`delete from highwater_data.raw p using highwater_data.series s
      where s.series_id = p.series_id and s.measure_name = 'unseen'`);
    await person.query(`delete from highwater_data.series where measure_name = 'unseen'`);
    await person.end();
    await server[Symbol.asyncDispose]();
    await startAgain();
    expect(await store.write([rowOf(1, 1, 'unseen')], signal)).toEqual([{ status: 'written' }]);
    expect(await storedOf('unseen')).toEqual(new Map([[1, [1, 1]]]));
  });

  it('crashes during a write, which goes on when it is back', async () => {
    const count = 20_000;
    const rows = Array.from({ length: count }, (_, series) => rowOf(series, 1, 'crashed'));
    const writing = store.write(rows, signal);
    await expect.poll(async () => (await storedOf('crashed')).size).toBeGreaterThan(0);
    await crash();
    await startAgain();
    expect(await writing).toEqual(written(count));
    expect((await storedOf('crashed')).size).toBe(count);
  });

  it('refuses to write for a while, as a primary that was replaced does', async () => {
    const { password, host, port, user, database } = addressOf(server);
    const client = new Client({ host, port, user, database, password: (await password()) ?? '' });
    await client.connect();
    const setReadOnly = async (value: 'on' | 'off') => {
      await client.query('set default_transaction_read_only = off');
      await client.query(`alter system set default_transaction_read_only = ${value}`);
      await client.query('select pg_reload_conf()');
    };
    const { metrics } = storeOptions('raw');
    await using failing = await openTable(server, 'raw', { metrics });
    await setReadOnly('on');
    const writing = failing.write([rowOf(1, 1, 'replaced')], signal);
    await expect
      .poll(async () => (await metrics.retries.get()).values)
      .toContainEqual(expect.objectContaining({ labels: { reason: 'endpoint_moved' } }));
    await setReadOnly('off');
    expect(await writing).toEqual(written(1));
    await client.end();
  });
});

describe('PostgresStore behind a network that loses replies', () => {
  let proxy: CuttingProxy;
  let store: OpenStore;
  beforeAll(async () => {
    proxy = stack.use(await startCuttingProxy(server.port));
    store = stack.use(await openTable(server, 'raw', { address: { port: proxy.port } }));
  });

  it.each(['insert into "highwater_data".raw', 'insert into "highwater_data".series', 'unnest'])(
    'writes again when the reply to "%s" is lost',
    async (text) => {
      const measure = `lost ${text}`;
      const cut = proxy.cutReplyTo(text);
      const rows = Array.from({ length: 50 }, (_, series) => rowOf(series, 2, measure));
      expect(await store.write(rows, signal)).toEqual(written(50));
      await cut;
      const older = rows.map((row) => ({ ...row, version: 1, measureValue: '1' }));
      expect(await store.write(older, signal)).toEqual(
        rows.map(() => ({ status: 'already_newer', existingVersion: 2 })),
      );
      expect(await storedOf(measure)).toEqual(new Map(rows.map((_, series) => [series, [2, 2]])));
    },
  );

  it('waits through an outage', async () => {
    const { metrics } = storeOptions('raw');
    await using patient = await openTable(server, 'raw', {
      address: { port: proxy.port },
      metrics,
    });
    const back = Promise.withResolvers<void>();
    const outage = proxy.outage(back.promise);
    const writing = patient.write([rowOf(1, 1, 'outage')], signal);
    const retries = async () => (await metrics.retries.get()).values[0]?.value ?? 0;
    await expect.poll(retries).toBeGreaterThan(3);
    back.resolve();
    await outage;
    expect(await writing).toEqual(written(1));
  });

  it('gives up after its time, with an error that says so', async () => {
    await using impatient = await openTable(server, 'raw', {
      address: { port: proxy.port },
      giveUpAfterMs: 200,
    });
    const back = Promise.withResolvers<void>();
    const outage = proxy.outage(back.promise);
    await expect(impatient.write([rowOf(1, 2, 'outage')], signal)).rejects.toMatchObject({
      code: 'HW_POSTGRES_CALL',
      domain: 'external',
      retry: 'backoff',
    });
    back.resolve();
    await outage;
  });
});
