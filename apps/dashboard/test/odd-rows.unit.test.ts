import { SimulatedClock } from '@highwater/testkit';
import { expect, it } from 'vitest';
import { readPoints } from '../src/explore/read-points.ts';
import { readWindows } from '../src/explore/read-windows.ts';
import type { QueryPort, QueryResult } from '../src/store/query-port.ts';
import { Tables } from '../src/store/tables.ts';

const { signal } = new AbortController();
const range = { fromMs: 0, toMs: 60_000, filters: {} };
type Rows = QueryResult['rows'];

const description: Rows = [
  ['window_start', 'varchar', 'DIMENSION'],
  ['window_end', 'varchar', 'DIMENSION'],
  ['measure_value::double', 'double', 'MEASURE'],
];

/** A store that answers statements with this prefix with these rows, and others with none. */
function storeOf(answers: Readonly<Record<string, Rows>>) {
  const port: QueryPort = {
    query: async (statement) => {
      const [, rows = []] =
        Object.entries(answers).find(([head]) => statement.startsWith(head)) ?? [];
      return {
        columns: [],
        rows: statement.startsWith('DESCRIBE') ? description : rows,
        isTruncated: false,
        elapsedMs: 1,
        bytesScanned: 0,
      };
    },
  };
  const names = { database: 'd', table: 't', corrections: 'c' };
  return { port, tables: new Tables(port, names, new SimulatedClock()) };
}

it('draws no point that is not a finite number', async () => {
  const store = storeOf({
    'SELECT time': ['NaN', '1', 'Infinity', '2'].map((value, second) => [
      `1970-01-01 00:00:0${second}.000000000`,
      value,
    ]),
  });
  const { groups, pointsCount } = await readPoints(
    store,
    { ...range, measure: 'tide', pixels: 50 },
    signal,
  );
  expect(pointsCount).toBe(2);
  expect(groups[0]?.timesMs).toEqual([1_000, 3_000]);
});

it('shows no window that is not a finite number', async () => {
  const windowRow = (mean: string) => [
    '1970-01-01 00:00:00.000',
    '1970-01-01 00:00:10.000',
    mean,
    mean,
    mean,
    '1',
    '0',
  ];
  const store = storeOf({ 'SELECT window_start': [windowRow('NaN'), windowRow('1')] });
  const { windows } = await readWindows(store, { ...range, measure: 'avg_tide' }, signal);
  expect(windows.map(({ mean }) => mean)).toEqual([1]);
});

it('says for an earlier time when it does not know all later corrections', async () => {
  const isTruncatedWith = async (correctionsCount: number) => {
    const store = storeOf({ 'SELECT *': Array.from({ length: correctionsCount }, () => []) });
    const request = { ...range, measure: 'avg_tide', asKnownAtMs: 5_000 };
    return (await readWindows(store, request, signal)).isTruncated;
  };
  expect(await isTruncatedWith(2_000)).toBe(false);
  expect(await isTruncatedWith(2_001)).toBe(true);
});
