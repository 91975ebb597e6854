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

  describe('query', () => {
    const { signal } = new AbortController();
    const limits = { rowsMax: 100_000, signal };

    it('says where a statement is wrong', async () => {
      const statement = "SELECT 'é𝄞',\n  colum\nFROM (VALUES (1)) AS t(c);";
      await expect(reader.query(statement, limits)).rejects.toMatchObject({
        code: 'HW_STORE_QUERY_REFUSED',
        place: { line: 2, column: 3 },
      });
      await expect(reader.query('SHOW no_such_setting', limits)).rejects.toMatchObject({
        code: 'HW_STORE_QUERY_REFUSED',
      });
    });

    it.each([
      [
        'a change in a query',
        'WITH d AS (DELETE FROM highwater_data.raw RETURNING 1) SELECT * FROM d',
      ],
      ['a new table', 'SELECT 1 INTO highwater_data.stolen'],
      ['a function that writes', 'SELECT lo_create(1)'],
      ['a lock on rows', 'SELECT * FROM highwater_data.raw FOR UPDATE'],
      ['the end of the transaction', 'SELECT 1; COMMIT; DROP TABLE highwater_data.raw'],
      ['another kind of transaction', "SELECT set_config('transaction_read_only', 'off', false)"],
      ['a plan that is run', 'EXPLAIN ANALYZE DELETE FROM highwater_data.raw'],
    ])('refuses %s', async (_, statement) => {
      await expect(reader.query(statement, limits)).rejects.toMatchObject({
        code: 'HW_STORE_QUERY_REFUSED',
      });
    });

    it('shows values as PostgreSQL writes them, and its names of types', async () => {
      const result = await reader.query(
        `SELECT 9007199254740993::bigint AS whole, 0.1::float8 AS part, true AS yes,
           timestamptz '2025-11-29 12:00:00.123456+02' AS at, '{"a": 1}'::jsonb AS json`,
        limits,
      );
      expect(result.rows).toEqual([
        ['9007199254740993', '0.1', 't', '2025-11-29 10:00:00.123456+00', '{"a": 1}'],
      ]);
      expect(result.columns.map(({ type }) => type)).toEqual([
        'bigint',
        'double precision',
        'boolean',
        'timestamp with time zone',
        'jsonb',
      ]);
    });

    it('reads no more of a large result than was asked for', async () => {
      const result = await reader.query('SELECT generate_series(1, 1000000000)', {
        rowsMax: 2_500,
        signal,
      });
      expect(result).toMatchObject({ isTruncated: true });
      expect(result.rows).toHaveLength(2_500);
      const wide = await reader.query("SELECT repeat('x', 1000000) FROM generate_series(1, 100)", {
        rowsMax: 100,
        signal,
      });
      expect(wide.isTruncated).toBe(true);
    });

    it('cuts off a result whose rows grow', async () => {
      const result = await reader.query(largeRows({ after: 1, length: 10_000_000 }), limits);
      expect(result.isTruncated).toBe(true);
      expect(result.rows.map(([cell]) => cell?.length)).toEqual([
        1, 10_000_000, 10_000_000, 10_000_000, 10_000_000,
      ]);
    });

    it.each([
      ['a value', "SELECT repeat('x', 70000000)"],
      ['the rows after small ones', largeRows({ after: 1_500, length: 300_000 })],
      ['a message', "SELECT repeat('x', 70000000)::int"],
      ['a plan', "EXPLAIN VERBOSE SELECT repeat('x', 70000000)"],
    ])('refuses %s of more than 64 MiB, and answers the next question', async (_, statement) => {
      await expect(reader.query(statement, limits)).rejects.toMatchObject({
        code: 'HW_STORE_QUERY_REFUSED',
        message: expect.stringContaining('more than 64 MiB at once'),
      });
      expect((await reader.query('SELECT 1', limits)).rows).toEqual([['1']]);
    });

    it('leaves nothing behind for the next one', async () => {
      await reader.query("SELECT set_config('search_path', 'nowhere', false)", limits);
      await reader.query('SELECT pg_advisory_lock(1)', limits);
      const { rows } = await reader.query('SHOW search_path', limits);
      expect(rows).toEqual([['"$user", public']]);
      const free = await reader.query('SELECT pg_try_advisory_lock(1)', limits);
      expect(free.rows).toEqual([['t']]);
    });

    it('is cancelled in the server when its signal aborts', async () => {
      const stop = new AbortController();
      const sleeping = reader.query('SELECT pg_sleep(600)', { rowsMax: 1, signal: stop.signal });
      const running = async () => {
        const { rows } = await reader.query(
          "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'",
          limits,
        );
        return rows.length;
      };
      await expect.poll(running).toBe(1);
      stop.abort(new Error('closed the page'));
      await expect(sleeping).rejects.toThrow('closed the page');
      await expect.poll(running).toBe(0);
    });

    it('ends when it takes too long', async () => {
      await using hasty = await openPostgresReader(addressOf(server), {
        requestsInFlightMax: 1,
        requestTimeoutMs: 1_000,
        clock: systemClock,
      });
      await expect(hasty.query('SELECT pg_sleep(600)', limits)).rejects.toMatchObject({
        code: 'HW_STORE_UNAVAILABLE',
        message: expect.stringContaining('in time'),
      });
    });

    it('says that the server is not there', async () => {
      await using lost = await openPostgresReader(addressOf(server, { port: 1 }), {
        requestsInFlightMax: 1,
        requestTimeoutMs: 5_000,
        clock: systemClock,
      });
      await expect(lost.query('SELECT 1', limits)).rejects.toMatchObject({
        code: 'HW_STORE_UNAVAILABLE',
        message: expect.stringContaining('ECONNREFUSED'),
      });
    });
  });
});

/** Rows of one character, and then large ones. */
function largeRows({ after, length }: { readonly after: number; readonly length: number }): string {
  return `SELECT CASE WHEN g <= ${after} THEN 'a' ELSE repeat('x', ${length}) END
    FROM generate_series(1, 5000) g`;
}
