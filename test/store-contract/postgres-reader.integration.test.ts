import type { RowReader } from '@highwater/model';
import { openPostgresReader } from '@highwater/postgres';
import type { PostgresServer } from '@highwater/postgres-server';
import { systemClock } from '@highwater/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillStoreForReading, type FilledStore } from './filled-store.ts';
import { addressOf, openTable } from './postgres-fixture.ts';
import { readerContract } from './reader-contract.ts';
import { temporaryPostgres } from './temporary-postgres.ts';

const stack = new AsyncDisposableStack();
let server: PostgresServer;
let filled: FilledStore;
let reader: RowReader;

beforeAll(async () => {
  ({ server } = stack.use(await temporaryPostgres()));
  reader = stack.use(
    await openPostgresReader(addressOf(server), {
      requestsInFlightMax: 2,
      requestTimeoutMs: 30_000,
      clock: systemClock,
    }),
  );
});
afterAll(() => stack.disposeAsync());

describe('PostgresReader', () => {
  it('has nothing to answer before a writer has made the tables', async () => {
    const { signal } = new AbortController();
    const limits = { rowsMax: 10, signal };
    const choice = { fromMs: 0, toMs: Date.now(), filters: {}, measures: [] };
    expect(await reader.dimensions(signal)).toEqual([]);
    expect(await reader.measures(choice, limits)).toMatchObject({ items: [] });
    expect(await reader.corrections({ ...choice, order: 'arrival' }, limits)).toBeUndefined();
  });

  describe('over rows of several writers at once', () => {
    beforeAll(async () => {
      filled = await fillStoreForReading({ open: (table) => openTable(server, table), seed: 'pg' });
    });

    it('was filled with at least 10,000 versions of rows', () => {
      expect(filled.writtenCount).toBeGreaterThan(10_000);
    });

    it.each(readerContract)('$title', async ({ hold }) => {
      await expect(hold(reader, filled)).resolves.toBeUndefined();
    });
  });
});
