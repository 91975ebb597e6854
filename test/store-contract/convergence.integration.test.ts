import { openPostgresReader } from '@highwater/postgres';
import { startPostgres } from '@highwater/postgres-server';
import { createLogger, loadConfig, systemClock, systemRandom } from '@highwater/service';
import { defineStoreMetrics } from '@highwater/store-kit';
import { openReader, openStore, readerConfig, storeConfig } from '@highwater/stores';
import { SeededRandom } from '@highwater/testkit';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { startProcess } from '../../apps/timestream-local/test/server-process.ts';
import { expectConvergence } from './convergence.ts';
import { startCuttingProxy } from './cutting-proxy.ts';
import { startLossyProxy } from './lossy-proxy.ts';
import { addressOf, openTable } from './postgres-fixture.ts';
import { readAllRaw } from './read-all.ts';
import { temporaryPostgres } from './temporary-postgres.ts';

// Goal: a reader sees the highest version of every row, whatever happened on the way. Method: see
// `expectConvergence`.
const casesMin = 10_000;
const restartsMin = 10;
const limits = { requestsInFlightMax: 2, requestTimeoutMs: 30_000, clock: systemClock };

it('PostgreSQL has the highest version of every row whatever happens on the way', async () => {
  await using stack = new AsyncDisposableStack();
  const { server: first, directory } = stack.use(await temporaryPostgres());
  let server = first;
  let lostCount = 0;
  const proxy = stack.use(await startCuttingProxy(server.port));
  const counts = await expectConvergence(
    {
      open: async () =>
        stack.use(await openTable(server, 'raw', { address: { port: proxy.port } })),
      read: async () => readAllRaw(await openPostgresReader(addressOf(server), limits)),
      loseReplies: () => void proxy.cutReplyTo('insert into').then(() => (lostCount += 1)),
      async restart(ending) {
        if (ending === 'crash') process.kill(server.pid, 'SIGKILL');
        await server[Symbol.asyncDispose]();
        server = stack.use(await startPostgres({ directory, port: server.port }));
      },
    },
    'postgres',
  );
  expect(counts.casesCount).toBeGreaterThanOrEqual(casesMin);
  expect(counts.restartsCount).toBeGreaterThanOrEqual(restartsMin);
  expect(lostCount).toBeGreaterThan(0);
});

it('timestream-local has the highest version of every row whatever happens on the way', async () => {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await mkdtempDisposable(join(tmpdir(), 'highwater-convergence-')));
  const start = () => startProcess([`--data=${join(path, 'rows.duckdb')}`]);
  let server = await start();
  stack.defer(() => server.kill());
  const random = new SeededRandom('lost replies');
  const proxy = stack.use(
    await startLossyProxy(
      () => Number(new URL(server.endpoint).port),
      ({ headers }) =>
        String(headers['x-amz-target']).endsWith('WriteRecords') && random.chance(0.1),
    ),
  );
  const counts = await expectConvergence(
    {
      async open() {
        const config = loadConfig(storeConfig, {
          AWS_ENDPOINT_URL_TIMESTREAM_WRITE: `http://127.0.0.1:${proxy.port}`,
        });
        const store = await openStore(config, 'raw', {
          clock: systemClock,
          log: createLogger({ name: 'test', level: 'silent', clock: systemClock }),
          metrics: defineStoreMetrics(new Registry()),
          random: systemRandom,
          signal: new AbortController().signal,
        });
        return stack.use(store);
      },
      async read() {
        const config = loadConfig(readerConfig, {
          AWS_ENDPOINT_URL_TIMESTREAM_QUERY: server.endpoint,
        });
        return readAllRaw(await openReader(config, limits));
      },
      async restart(ending) {
        await server.kill(ending === 'crash' ? 'SIGKILL' : 'SIGTERM');
        server = await start();
      },
    },
    'timestream',
  );
  expect(counts.casesCount).toBeGreaterThanOrEqual(casesMin);
  expect(counts.restartsCount).toBeGreaterThanOrEqual(restartsMin);
  expect(proxy.lostCount).toBeGreaterThan(0);
});
