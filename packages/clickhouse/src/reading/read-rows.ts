import type {
  Answer,
  MeasureChoice,
  MeasureSummary,
  PointsBin,
  ReadLimits,
  SeriesChoice,
  StoredPoint,
  TimeRange,
} from '@highwater/model';
import { literal } from '../sql-text.ts';
import type { TableLayout } from '../table-layout.ts';
import {
  dimensionValue,
  filterTerms,
  measureTerms,
  ofSeries,
  timeBetween,
  withGroup,
} from './read-sql.ts';
import type { ReadingSession } from './reading-session.ts';

/** Tables that there are, of raw points and of view rows. */
export interface ReadTables {
  readonly session: ReadingSession;
  readonly layouts: readonly TableLayout[];
}

/** The measures of all tables that have rows in a range. */
export function readMeasures(
  tables: ReadTables,
  range: TimeRange,
  limits: ReadLimits,
): Promise<Answer<MeasureSummary>> {
  const ofTable = ({ rows, hasWindows }: TableLayout) =>
    `SELECT measure_name, count(value) AS numbers,
      ${hasWindows ? 'countIf(toUnixTimestamp64Milli(window_end) > 0)' : 'toUInt64(0)'} AS windows
    FROM ${rows} FINAL WHERE ${timeBetween(range)} GROUP BY measure_name`;
  const statement = `SELECT measure_name, sum(numbers), sum(windows)
    FROM (${union(tables, ofTable)}) GROUP BY measure_name ORDER BY measure_name`;
  return answer(tables, statement, limits, ([name, numbers, windows]) => ({
    name: String(name),
    isNumber: Number(numbers) > 0,
    isView: Number(windows) > 0,
  }));
}

/** The series with rows are found before their values are looked up. Versions need not be told apart. */
export function readDimensionValues(
  tables: ReadTables,
  dimension: string,
  choice: SeriesChoice,
  { search, ...limits }: ReadLimits & { readonly search: string },
): Promise<Answer<string>> {
  const { measures, filters } = choice;
  const value = dimensionValue(dimension);
  const seriesTerms = [
    `${value} != ''`,
    ...filterTerms(filters),
    ...(search === '' ? [] : [`positionCaseInsensitiveUTF8(${value}, ${literal(search)}) > 0`]),
  ];
  const ofTable = (layout: TableLayout) => {
    const terms = [
      timeBetween(choice),
      ...measureTerms(measures),
      ...ofSeries(layout, measures, seriesTerms),
    ];
    const found = `SELECT DISTINCT series_id FROM ${layout.rows} WHERE ${terms.join(' AND ')}`;
    return withGroup(layout, found, { measures, by: dimension });
  };
  const statement = `SELECT DISTINCT group FROM (${union(tables, ofTable, 'group')}) ORDER BY group`;
  return answer(tables, statement, limits, ([group]) => String(group));
}

/** Numbers in order of time. */
export function readPoints(
  tables: ReadTables,
  choice: MeasureChoice,
  limits: ReadLimits,
): Promise<Answer<StoredPoint>> {
  const ofTable = (layout: TableLayout) =>
    withGroup(
      layout,
      `SELECT series_id, time, value FROM ${layout.rows} FINAL WHERE ${numbersOf(layout, choice)}`,
      { measures: [choice.measure], by: choice.by },
    );
  const statement = `SELECT group, toUnixTimestamp64Milli(time), value
    FROM (${union(tables, ofTable, 'group, time, value')}) ORDER BY time`;
  return answer(tables, statement, limits, ([group, timeMs, value]) => ({
    group: String(group),
    timeMs: Number(timeMs),
    value: Number(value),
  }));
}

/** Numbers, gathered for each series and bin before the group of the series is looked up. */
export function readBins(
  tables: ReadTables,
  choice: MeasureChoice,
  binMs: number,
  limits: ReadLimits,
): Promise<Answer<PointsBin>> {
  // Few groups are joined, not each row: a series has one group.
  const key = choice.by === undefined ? 'bin' : 'bin, series_id';
  const ofTable = (layout: TableLayout) =>
    withGroup(
      layout,
      `SELECT intDiv(toUnixTimestamp64Milli(time), ${Math.round(binMs)}) AS ${key},
        count() AS points, min(value) AS least, max(value) AS greatest, sum(value) AS total
      FROM ${layout.rows} FINAL WHERE ${numbersOf(layout, choice)}
      GROUP BY ${key}`,
      { measures: [choice.measure], by: choice.by },
    );
  const columns = 'group, bin, points, least, greatest, total';
  const statement = `SELECT group, bin, sum(points), min(least), max(greatest), sum(total) / sum(points)
    FROM (${union(tables, ofTable, columns)}) GROUP BY group, bin ORDER BY bin, group`;
  return answer(tables, statement, limits, ([group, bin, points, min, max, mean]) => ({
    group: String(group),
    startMs: Number(bin) * Math.round(binMs),
    pointsCount: Number(points),
    min: Number(min),
    max: Number(max),
    mean: Number(mean),
  }));
}

/** Runs a statement, and makes an item of each of its rows. */
export async function answer<Item>(
  { session }: Pick<ReadTables, 'session'>,
  statement: string,
  { rowsMax, signal }: ReadLimits,
  itemOf: (row: readonly unknown[]) => Item,
): Promise<Answer<Item>> {
  const { value, elapsedMs } = await session.rows(`${statement} LIMIT ${rowsMax + 1}`, signal);
  return {
    items: value.slice(0, rowsMax).map(itemOf),
    isTruncated: value.length > rowsMax,
    elapsedMs,
  };
}

/** Rows of a measure whose value is a number. */
function numbersOf(layout: TableLayout, choice: MeasureChoice): string {
  const measures = [choice.measure];
  return [
    ...measureTerms(measures),
    timeBetween(choice),
    'value IS NOT NULL',
    ...ofSeries(layout, measures, filterTerms(choice.filters)),
  ].join(' AND ');
}

/** The rows of all tables; columns by name, since a join may change their order. */
function union(
  { layouts }: ReadTables,
  ofTable: (layout: TableLayout) => string,
  columns = '*',
): string {
  return layouts.map((layout) => `SELECT ${columns} FROM (${ofTable(layout)})`).join(' UNION ALL ');
}
