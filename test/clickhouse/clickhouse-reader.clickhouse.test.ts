import type { RowReader } from '@highwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillStoreForReading, type FilledStore } from '../store-contract/filled-store.ts';
import { readerContract } from '../store-contract/reader-contract.ts';
import { openReader, openTable } from './clickhouse-fixture.ts';
import type { Engine } from './start-engine.ts';
import { temporaryEngine } from './temporary-engine.ts';

const { signal } = new AbortController();
const limits = { rowsMax: 10, signal };
const stack = new AsyncDisposableStack();
let engine: Engine;
let filled: FilledStore;
let reader: RowReader;

beforeAll(async () => {
  engine = stack.use(await temporaryEngine());
  reader = stack.use(openReader(engine));
});
afterAll(() => stack.disposeAsync());

describe('ClickhouseReader', () => {
  it('has nothing to answer before a writer has made the tables', async () => {
    const choice = { fromMs: 0, toMs: Date.now(), filters: {}, measures: [] };
    expect(await reader.dimensions(signal)).toEqual([]);
    expect(await reader.measures(choice, limits)).toMatchObject({ items: [] });
    expect(await reader.windows({ ...choice, measure: 'x' }, limits)).toMatchObject({ items: [] });
    expect(await reader.corrections({ ...choice, order: 'arrival' }, limits)).toBeUndefined();
  });

  describe('over rows of several writers at once', () => {
    beforeAll(async () => {
      filled = await fillStoreForReading({ open: (table) => openTable(engine, table), seed: 'ch' });
    });

    it('was filled with at least 10,000 versions of rows', () => {
      expect(filled.writtenCount).toBeGreaterThan(10_000);
    });

    it.each(readerContract)('$title', async ({ hold }) => {
      await expect(hold(reader, filled)).resolves.toBeUndefined();
    });

    it('says where a statement is wrong', async () => {
      await expect(reader.query('SELECT 1,\n  2 FRM x y', limits)).rejects.toMatchObject({
        code: 'HW_STORE_QUERY_REFUSED',
        place: { line: 2, column: expect.any(Number) },
      });
    });

    it('shows values as the engine does, each apart from null', async () => {
      const statement = String.raw`SELECT 'a\tb\\n\nc' AS s, NULL AS n, 18446744073709551615 AS u, map('k', 'it\'s') AS m, '\\N' AS t`;
      const { columns, rows } = await reader.query(statement, limits);
      expect(columns.map(({ type }) => type).slice(0, 3)).toEqual([
        'String',
        'Nullable(Nothing)',
        'UInt64',
      ]);
      expect(rows).toEqual([
        ['a\tb\\n\nc', null, '18446744073709551615', `{'k':'it's'}`, String.raw`\N`],
      ]);
    });

    // The user of the tests may do everything.
    it.each([
      ['another mode', 'SELECT 1 SETTINGS readonly = 0'],
      [
        'a file in another mode',
        `SELECT * FROM (SELECT * FROM file('/etc/hostname', 'LineAsString') SETTINGS readonly = 0)`,
      ],
      ['a longer time', 'SELECT 1 SETTINGS max_execution_time = 0'],
      ['a file', `SELECT * FROM file('/etc/hostname', 'LineAsString')`],
      ['a file to describe', `DESCRIBE file('/etc/hostname', 'LineAsString')`],
      ['a URL', `SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')`],
      ['a bucket', `SELECT * FROM s3('http://127.0.0.1:1/bucket/key', 'LineAsString')`],
      ['another server', `SELECT * FROM remote('127.0.0.1', 'system.one')`],
      ['a file to write', `WITH 1 AS x INSERT INTO FUNCTION file('x', 'CSV') SELECT x`],
    ])('refuses %s, whatever its user may do', async (_, statement) => {
      await expect(reader.query(statement, limits)).rejects.toMatchObject({
        code: 'HW_STORE_QUERY_REFUSED',
      });
    });
  });
});
