import {
  toNanoseconds,
  type MeasureChoice,
  type Row,
  type RowReader,
  type StoredRow,
  type TimeRange,
} from '@highwater/model';
import { SeededRandom } from '@highwater/testkit';
import { expect } from 'vitest';
import type { FilledStore, ModelRow } from './filled-store.ts';

/** One thing that every reader must do, whatever is behind it. */
export interface ReaderLaw {
  readonly title: string;
  readonly hold: (reader: RowReader, filled: FilledStore) => Promise<void>;
}

const rowsMax = 100_000;
const limits = { rowsMax, signal: new AbortController().signal };
const questionsCount = 25;
const minuteMs = 60_000;

/**
 * What every reader must answer over a store that `fillStoreForReading` has filled: what the model in
 * memory says, which has the highest version of each row.
 */
export const readerContract: readonly ReaderLaw[] = [
  {
    title: 'names the dimensions without the bounds of windows',
    async hold(reader) {
      expect(await reader.dimensions(limits.signal)).toEqual(['host', 'region', 'zone']);
    },
  },
  {
    title: 'lists the measures of a range',
    hold: forRandomQuestions('measures', askForMeasures),
  },
  {
    title: 'lists the values of a dimension, of numbers or not',
    hold: forRandomQuestions('values', askForValues),
  },
  {
    title: 'returns each point in order of time',
    hold: forRandomQuestions('points', askForPoints),
  },
  {
    title: 'gathers points in bins',
    hold: forRandomQuestions('bins', askForBins),
  },
  {
    title: 'returns the windows that touch a range',
    hold: forRandomQuestions('windows', askForWindows),
  },
  {
    title: 'returns corrections by window and by arrival, newest first',
    hold: forRandomQuestions('corrections', askForCorrections),
  },
  {
    title: 'returns every row of a table as it was written, and counts them',
    hold: forRandomQuestions('rows', askForRows),
  },
  {
    title: 'returns rows in batches, and stops when nobody asks for the next one',
    async hold(reader, { written, fromMs, toMs }) {
      const span = { startMs: fromMs, endMs: toMs + 3_600_000 };
      for await (const batch of reader.rows('raw', span, { ...limits, batchRowsMax: 7 })) {
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(7);
        break;
      }
      const { rowsCount } = await reader.summarize('raw', span, limits.signal);
      expect(rowsCount).toBe(written.raw.length);
    },
  },
  {
    title: 'says when there was more than was asked for',
    async hold(reader, { rows, fromMs, toMs }) {
      const few = { ...limits, rowsMax: 2 };
      const choice = { fromMs, toMs, measure: 'avg_cpu_user', filters: {} };
      const answers = [
        await reader.measures(choice, few),
        await reader.dimensionValues('host', { ...choice, measures: [] }, '', few),
        await reader.points(choice, few),
        await reader.bins(choice, 1_000, few),
        await reader.windows(choice, few),
        await reader.corrections({ ...choice, measures: [], order: 'arrival' }, few),
      ];
      for (const answer of answers) {
        expect(answer).toMatchObject({ isTruncated: true });
        expect(answer?.items).toHaveLength(2);
      }
      expect(rows.length).toBeGreaterThan(2);
    },
  },
  {
    title: 'runs its own examples',
    async hold(reader) {
      const examples = reader.examples();
      expect(examples.length).toBeGreaterThan(2);
      for (const { statement } of examples) {
        const { columns, rows } = await reader.query(statement, { ...limits, rowsMax: 10 });
        expect(columns.length).toBeGreaterThan(0);
        for (const row of rows) expect(row).toHaveLength(columns.length);
      }
    },
  },
  {
    title: 'runs a statement with its comments, and cuts off what is too much',
    async hold(reader) {
      const result = await reader.query(
        '-- one\nSELECT 1 AS one, NULL AS nothing /* two */;',
        limits,
      );
      expect(result).toMatchObject({ rows: [['1', null]], isTruncated: false });
      expect(result.columns.map(({ name }) => name)).toEqual(['one', 'nothing']);
      const two = 'SELECT 1 AS n UNION ALL SELECT 2 AS n';
      const cut = await reader.query(two, { ...limits, rowsMax: 1 });
      expect(cut).toMatchObject({ isTruncated: true });
      expect(cut.rows).toHaveLength(1);
    },
  },
  ...['DELETE FROM t', 'DROP TABLE t', '/* SELECT */ INSERT INTO t VALUES (1)', '', 'SELEC 1'].map(
    refuses,
  ),
  {
    title: 'refuses a statement over what is not there',
    async hold(reader) {
      await expect(reader.query('SELECT 1\nFROM no_such_table', limits)).rejects.toMatchObject({
        code: 'HW_STORE_QUERY_REFUSED',
      });
    },
  },
  {
    title: 'stops with the reason of its signal',
    async hold(reader, { fromMs, toMs }) {
      const signal = AbortSignal.abort(new Error('closed the page'));
      const stopped = { rowsMax, signal };
      const choice = { fromMs, toMs, measure: 'cpu_user', filters: {} };
      await expect(reader.points(choice, stopped)).rejects.toThrow('closed the page');
      await expect(reader.query('SELECT 1', stopped)).rejects.toThrow('closed the page');
    },
  },
];

async function askForMeasures(
  reader: RowReader,
  { rows }: FilledStore,
  random: SeededRandom,
): Promise<void> {
  const range = anyRange(random, rows);
  const answer = await reader.measures(range, limits);
  expect(answer.items).toEqual(measuresOf(rows.filter(isIn(range))));
  expect(answer.isTruncated).toBe(false);
}

async function askForValues(
  reader: RowReader,
  { rows }: FilledStore,
  random: SeededRandom,
): Promise<void> {
  const choice = { ...anyChoice(random, rows), measures: anyMeasures(random, rows) };
  const search = random.pick(['', '', 'BETA', "'", '\\', '%', '_', 'ß', 'nowhere']);
  const dimension = random.pick(['host', 'zone', 'absent']);
  const answer = await reader.dimensionValues(dimension, choice, search, limits);
  const chosen = rows.filter(
    (row) =>
      isIn(choice)(row) &&
      hasValues(choice.filters)(row) &&
      (choice.measures.length === 0 || choice.measures.includes(row.measure)),
  );
  expect(answer.items).toEqual(valuesOf(chosen, dimension, search));
}

async function askForPoints(
  reader: RowReader,
  { rows }: FilledStore,
  random: SeededRandom,
): Promise<void> {
  const choice = anyMeasureChoice(random, rows);
  const { items, isTruncated } = await reader.points(choice, limits);
  expect(isTruncated).toBe(false);
  expectSorted(items.map(({ timeMs }) => timeMs));
  const expected = numbersOf(rows, choice).map((row) => ({
    group: groupOf(row, choice),
    timeMs: row.timeMs,
    value: row.value,
  }));
  expect(sorted(items)).toEqual(sorted(expected));
}

async function askForBins(
  reader: RowReader,
  { rows }: FilledStore,
  random: SeededRandom,
): Promise<void> {
  const choice = anyMeasureChoice(random, rows);
  const binMs = random.pick([1_000, 7_000, minuteMs, 7 * minuteMs, 3_600_000]);
  const { items } = await reader.bins(choice, binMs, limits);
  expectSorted(items.map(({ startMs }) => startMs));
  const groups = Map.groupBy(numbersOf(rows, choice), (row) =>
    JSON.stringify([groupOf(row, choice), Math.floor(row.timeMs / binMs) * binMs]),
  );
  const expected = [...groups].map(([key, points]) => {
    const [group, startMs] = JSON.parse(key) as [string, number];
    return { group, startMs, pointsCount: points.length, ...statisticsOf(points) };
  });
  expect(sorted(items)).toEqual(sorted(expected));
}

async function askForWindows(
  reader: RowReader,
  { rows }: FilledStore,
  random: SeededRandom,
): Promise<void> {
  const measure = random.pick(['avg_cpu_user', 'filled_cpu_user', 'sum_tasks', 'cpu_user']);
  const choice = { ...anyMeasureChoice(random, rows), measure };
  const { items } = await reader.windows(choice, limits);
  expectSorted(items.map(({ startMs }) => startMs));
  expect(sorted(items)).toEqual(sorted(windowsOf(rows, choice)));
}

async function askForCorrections(
  reader: RowReader,
  { rows, corrections }: FilledStore,
  random: SeededRandom,
): Promise<void> {
  const range = anyRange(random, rows);
  const filters = anyFilters(random, rows);
  const order = random.pick(['window', 'arrival'] as const);
  const measures = random.pick([[], ['sum_tasks'], ['sum_tasks', 'nothing']]);
  const choice = { ...range, filters, order, measures };
  const answer = await reader.corrections(choice, limits);
  const found = answer?.items ?? [];
  expectSorted(found.map(({ knownAtMs }) => -knownAtMs));
  const expected = corrections.filter(
    (each) =>
      (order === 'arrival'
        ? isIn(range)({ timeMs: each.knownAtMs })
        : each.windowEndMs > range.fromMs && each.windowStartMs < range.toMs) &&
      hasValues(filters)(each) &&
      (measures.length === 0 || measures.includes(each.measure)),
  );
  expect(sorted(found)).toEqual(sorted(expected));
}

async function askForRows(
  reader: RowReader,
  { rows, written }: FilledStore,
  random: SeededRandom,
): Promise<void> {
  const table = random.pick(['raw', 'views', 'corrections'] as const);
  const { fromMs: startMs, toMs } = anyRange(random, rows);
  // Corrections arrive later than anything else.
  const span = { startMs, endMs: toMs + random.pick([0, 1, 3_600_000]) };
  // Each batch is a request for some engines, so few rows are read in small ones.
  const [batchRowsMax, spanMsMax] = random.pick([
    [1, 500],
    [10, minuteMs],
    [1_000, Infinity],
    [5_000, Infinity],
  ]);
  const few = { startMs, endMs: Math.min(startMs + spanMsMax, span.endMs) };
  const found: StoredRow[] = [];
  for await (const batch of reader.rows(table, few, { ...limits, batchRowsMax })) {
    expect(batch.length).toBeGreaterThan(0);
    expect(batch.length).toBeLessThanOrEqual(batchRowsMax);
    found.push(...batch);
  }
  const expected = written[table].filter((row) => {
    const timeMs = toMilliseconds(row);
    return few.startMs <= timeMs && timeMs < few.endMs;
  });
  const hasVersions = found.every(({ version }) => version !== undefined);
  expect(found.map((row) => rowText(row, hasVersions)).toSorted()).toEqual(
    expected.map((row) => rowText(row, hasVersions)).toSorted(),
  );
  const times = expected.map(toMilliseconds);
  expect(await reader.summarize(table, few, limits.signal)).toEqual({
    rowsCount: expected.length,
    oldestMs: times.length === 0 ? undefined : Math.min(...times),
    newestMs: times.length === 0 ? undefined : Math.max(...times),
  });
}

function toMilliseconds({ time, timeUnit }: Row): number {
  return Number(toNanoseconds(time, timeUnit) / 1_000_000n);
}

/** Equal for rows that stand for the same. An engine that returns no versions returns none at all. */
export function rowText({ version, ...row }: StoredRow, hasVersion: boolean): string {
  const { measureValue, measureValueType, dimensions, attributes = [], time, timeUnit } = row;
  const isDouble = measureValueType === 'DOUBLE';
  return JSON.stringify([
    row.measureName,
    measureValueType,
    isDouble ? Number(measureValue) : measureValue,
    dimensions.map(({ name, value }) => JSON.stringify([name, value])).toSorted(),
    attributes.map(({ name, type, value }) => JSON.stringify([name, type, value])).toSorted(),
    String(toNanoseconds(time, timeUnit)),
    ...(hasVersion ? [version] : []),
  ]);
}

function refuses(statement: string): ReaderLaw {
  return {
    title: `refuses the statement "${statement}"`,
    async hold(reader) {
      await expect(reader.query(statement, limits)).rejects.toMatchObject({
        code: 'HW_STORE_QUERY_REFUSED',
      });
    },
  };
}

type Question = (reader: RowReader, filled: FilledStore, random: SeededRandom) => Promise<void>;

/** Asks with many seeds; a failure names its own. */
function forRandomQuestions(name: string, ask: Question): ReaderLaw['hold'] {
  return async (reader, filled) => {
    for (let index = 0; index < questionsCount; index++) {
      const seed = `${name}-${index}`;
      try {
        await ask(reader, filled, new SeededRandom(seed));
      } catch (error) {
        throw new Error(`the question of seed ${seed} was answered otherwise`, { cause: error });
      }
    }
  };
}

/** In even ms: rows at odd ones have nanoseconds beside them. Sometimes all rows are in it, or none. */
function anyRange(random: SeededRandom, rows: readonly ModelRow[]): TimeRange {
  const times = rows.map(({ timeMs }) => timeMs);
  const [firstMs, lastMs] = [Math.min(...times), Math.max(...times)];
  const even = (timeMs: number) => Math.floor(timeMs / 2) * 2;
  if (random.chance(0.2)) return { fromMs: even(firstMs), toMs: even(lastMs) + 2 };
  if (random.chance(0.1)) return { fromMs: lastMs + minuteMs, toMs: lastMs + 2 * minuteMs };
  const fromMs = even(random.int(firstMs, lastMs));
  return { fromMs, toMs: even(random.int(fromMs, lastMs)) };
}

function anyFilters(random: SeededRandom, rows: readonly ModelRow[]) {
  const filters: Record<string, readonly string[]> = {};
  if (random.chance(0.4)) filters['host'] = anyValues(random, rows, 'host');
  if (random.chance(0.3)) filters['region'] = anyValues(random, rows, 'region');
  if (random.chance(0.2)) filters['zone'] = ['a', 'b'];
  return filters;
}

function anyValues(random: SeededRandom, rows: readonly ModelRow[], name: string) {
  const one = () => random.pick(rows).dimensions[name] ?? 'none';
  // Sometimes more than anybody would choose by hand.
  const more = random.chance(0.2) ? Array.from({ length: 30 }, (_, index) => `no ${index}`) : [];
  return [...new Set([one(), one(), ...more])];
}

function anyChoice(random: SeededRandom, rows: readonly ModelRow[]) {
  return { ...anyRange(random, rows), filters: anyFilters(random, rows) };
}

function anyMeasures(random: SeededRandom, rows: readonly ModelRow[]): readonly string[] {
  return random.chance(0.4) ? [] : [random.pick(rows).measure, 'nothing'];
}

function anyMeasureChoice(random: SeededRandom, rows: readonly ModelRow[]): MeasureChoice {
  const by = random.pick([undefined, 'region', 'zone', 'host']);
  const measure = random.pick(rows).measure;
  return { ...anyChoice(random, rows), measure, ...(by === undefined ? {} : { by }) };
}

function isIn({ fromMs, toMs }: TimeRange) {
  return ({ timeMs }: Pick<ModelRow, 'timeMs'>) => fromMs <= timeMs && timeMs <= toMs;
}

function hasValues(filters: MeasureChoice['filters']) {
  return ({ dimensions }: Pick<ModelRow, 'dimensions'>) =>
    Object.entries(filters).every(([name, values]) => values.includes(dimensions[name] ?? ''));
}

function numbersOf(rows: readonly ModelRow[], choice: MeasureChoice): readonly ModelRow[] {
  return rows.filter(
    (row) =>
      row.measure === choice.measure &&
      row.value !== undefined &&
      isIn(choice)(row) &&
      hasValues(choice.filters)(row),
  );
}

function groupOf({ dimensions }: ModelRow, { by }: MeasureChoice): string {
  return by === undefined ? '' : (dimensions[by] ?? '');
}

function measuresOf(rows: readonly ModelRow[]) {
  return [...Map.groupBy(rows, ({ measure }) => measure)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, found]) => ({
      name,
      isNumber: found.some(({ value }) => value !== undefined),
      isView: found.some(({ window }) => window !== undefined),
    }));
}

function valuesOf(rows: readonly ModelRow[], dimension: string, search: string) {
  const values = new Set(rows.map(({ dimensions }) => dimensions[dimension] ?? ''));
  return [...values]
    .filter((value) => value !== '' && value.toLowerCase().includes(search.toLowerCase()))
    .toSorted();
}

function windowsOf(rows: readonly ModelRow[], choice: MeasureChoice) {
  const touching = rows.filter(
    ({ measure, value, window, ...row }) =>
      measure === choice.measure &&
      value !== undefined &&
      window !== undefined &&
      window.endMs > choice.fromMs &&
      window.startMs < choice.toMs &&
      hasValues(choice.filters)(row),
  );
  const groups = Map.groupBy(touching, (row) =>
    JSON.stringify([groupOf(row, choice), row.window?.startMs, row.window?.endMs]),
  );
  return [...groups].map(([key, found]) => {
    const [group, startMs, endMs] = JSON.parse(key) as [string, number, number];
    return {
      group,
      startMs,
      endMs,
      ...statisticsOf(found),
      rowsCount: found.length,
      filledCount: found.filter(({ isFilled }) => isFilled).length,
    };
  });
}

function statisticsOf(rows: readonly ModelRow[]) {
  const values = rows.map(({ value = 0 }) => value);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  // Engines add in another order.
  return { min: Math.min(...values), max: Math.max(...values), mean: expect.closeTo(mean, 6) };
}

function expectSorted(numbers: readonly number[]): void {
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
}

/** In one order whatever the engine's order of equal times. */
function sorted(items: readonly object[]): readonly object[] {
  const keyOf = (item: object) => {
    const { mean: _mean, ...rest } = item as { readonly mean?: unknown };
    return JSON.stringify(inOrder(rest));
  };
  return items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** Members by name, at each depth. */
function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return members.map(([name, member]) => [name, inOrder(member)]);
}
