import type { RowReader, StoreTable } from '@highwater/model';
import { createLogger, loadConfig, systemClock, systemRandom } from '@highwater/service';
import { defineStoreMetrics } from '@highwater/store-kit';
import { openReader, openStore, readerConfig, storeConfig } from '@highwater/stores';
import { startTimestreamLocal, type TimestreamLocal } from '@highwater/timestream-local';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillStoreForReading, type FilledStore } from './filled-store.ts';
import { readerContract } from './reader-contract.ts';

// The examples name dimensions of the generator, which are columns of a table with its points only.
const laws = readerContract.filter(({ title }) => title !== 'runs its own examples');
const { signal } = new AbortController();
const stack = new AsyncDisposableStack();
let server: TimestreamLocal;
let filled: FilledStore;
let reader: RowReader;

function openTable(table: StoreTable) {
  const config = loadConfig(storeConfig, { AWS_ENDPOINT_URL_TIMESTREAM_WRITE: server.endpoint });
  return openStore(config, table, {
    clock: systemClock,
    log: createLogger({ name: 'test', level: 'silent', clock: systemClock }),
    metrics: defineStoreMetrics(new Registry()),
    random: systemRandom,
    signal,
  });
}

beforeAll(async () => {
  server = stack.use(await startTimestreamLocal());
  const config = loadConfig(readerConfig, { AWS_ENDPOINT_URL_TIMESTREAM_QUERY: server.endpoint });
  const options = { requestsInFlightMax: 2, requestTimeoutMs: 60_000, clock: systemClock };
  reader = stack.use(await openReader(config, options));
});
afterAll(() => stack.disposeAsync());

describe('TimestreamReader', () => {
  it('has no rows before a writer has made the tables', async () => {
    const span = { startMs: 0, endMs: Date.now() };
    const read = reader.rows('raw', span, { batchRowsMax: 10, signal });
    for await (const batch of read) expect(batch).toEqual([]);
    expect(await reader.summarize('corrections', span, signal)).toEqual({ rowsCount: 0 });
  });

  describe('over rows of several writers at once', () => {
    beforeAll(async () => {
      filled = await fillStoreForReading({ open: openTable, seed: 'timestream' });
    });

    it('was filled with at least 10,000 versions of rows', () => {
      expect(filled.writtenCount).toBeGreaterThan(10_000);
    });

    it.each(laws)('$title', async ({ hold }) => {
      await expect(hold(reader, filled)).resolves.toBeUndefined();
    });
  });
});
