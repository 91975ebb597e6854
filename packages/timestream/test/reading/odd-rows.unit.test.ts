import type { QueryResult } from '@highwater/model';
import { SimulatedClock } from '@highwater/testkit';
import { expect, it } from 'vitest';
import type { QueryApi } from '../../src/reading/query-api.ts';
import { TimestreamReader } from '../../src/reading/timestream-reader.ts';

const { signal } = new AbortController();
const limits = { rowsMax: 100, signal };
const range = { fromMs: 0, toMs: 60_000, filters: {} };
type Rows = QueryResult['rows'];

const description: Rows = [
  ['window_start', 'varchar', 'DIMENSION'],
  ['window_end', 'varchar', 'DIMENSION'],
  ['measure_value::double', 'double', 'MEASURE'],
];

/** A store that answers statements that begin so with these rows, and the rest with none. */
function readerOf(head: string, rows: Rows): TimestreamReader {
  const api: QueryApi = {
    async *pages() {},
    query: async (statement) => ({
      columns: [],
      rows: statement.startsWith('DESCRIBE') ? description : statement.startsWith(head) ? rows : [],
      isTruncated: false,
      elapsedMs: 1,
    }),
  };
  const names = { database: 'd', table: 't', corrections: 'c' };
  return new TimestreamReader(api, names, new SimulatedClock());
}

it('returns no point that is not a finite number', async () => {
  const rows = ['NaN', '1', 'Infinity', '2'].map((value, second) => [
    `1970-01-01 00:00:0${second}.000000000`,
    value,
  ]);
  const { items } = await readerOf('SELECT time', rows).points(
    { ...range, measure: 'tide' },
    limits,
  );
  expect(items.map(({ timeMs }) => timeMs)).toEqual([1_000, 3_000]);
});

it('returns no window whose value is not a finite number', async () => {
  const bounds = ['1970-01-01 00:00:00.000', '1970-01-01 00:00:10.000'];
  const rows = ['NaN', '1'].map((mean) => [...bounds, mean, mean, mean, '1', '0']);
  const { items } = await readerOf('SELECT window_start', rows).windows(
    { ...range, measure: 'avg_tide' },
    limits,
  );
  expect(items.map(({ mean }) => mean)).toEqual([1]);
});

it('searches values as text, whatever characters the search has', async () => {
  const statements: string[] = [];
  const api: QueryApi = {
    async *pages() {},
    query: async (statement) => {
      statements.push(statement);
      const rows = statement.startsWith('DESCRIBE') ? [['host', 'varchar', 'DIMENSION']] : [];
      return { columns: [], rows, isTruncated: false, elapsedMs: 1 };
    },
  };
  const names = { database: 'd', table: 't', corrections: 'c' };
  const reader = new TimestreamReader(api, names, new SimulatedClock());
  await reader.dimensionValues('host', { ...range, measures: [] }, '50%', limits);
  expect(statements.at(-1)).toContain(String.raw`LIKE '%50\%%' ESCAPE '\'`);
});
