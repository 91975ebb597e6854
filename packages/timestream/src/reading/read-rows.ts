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
import type { QueryApi } from './query-api.ts';
import {
  filterTerms,
  identifier,
  intervalText,
  literal,
  measureTerms,
  parseTimeMs,
  timeBetween,
} from './sql-text.ts';
import type { TableColumns } from './table-columns.ts';
import { valueExpression } from './value-expression.ts';

/** A table that has rows. */
export interface ReadTable {
  readonly api: QueryApi;
  /** Quoted, with its database. */
  readonly table: string;
  readonly columns: TableColumns;
}

const nothing = { items: [], isTruncated: false, elapsedMs: 0 };

/** See `RowReader.measures`. */
export async function readMeasures(
  { api, table, columns }: ReadTable,
  range: TimeRange,
  limits: ReadLimits,
): Promise<Answer<MeasureSummary>> {
  const number = valueExpression(columns);
  const statement = [
    `SELECT measure_name, ${number === undefined ? '0' : `COUNT(${number})`} AS numbers, ${columns.hasWindows ? 'COUNT(window_start)' : '0'} AS windows`,
    `FROM ${table} WHERE ${timeBetween(range)} GROUP BY measure_name ORDER BY measure_name`,
  ].join(' ');
  const { rows, isTruncated, elapsedMs } = await api.query(statement, limits);
  const items = rows.map(([name, numbers, windows]) => ({
    name: name ?? '',
    isNumber: Number(numbers) > 0,
    isView: Number(windows) > 0,
  }));
  return { items, isTruncated, elapsedMs };
}

/** See `RowReader.dimensionValues`. */
export async function readDimensionValues(
  { api, table, columns }: ReadTable,
  dimension: string,
  { measures, filters, ...range }: SeriesChoice,
  search: string,
  { rowsMax, signal }: ReadLimits,
): Promise<Answer<string>> {
  if (!columns.dimensions.includes(dimension)) return nothing;
  const name = identifier(dimension);
  const terms = [
    timeBetween(range),
    `${name} IS NOT NULL`,
    ...measureTerms(measures),
    ...filterTerms(filters),
    ...(search ? [`LOWER(${name}) LIKE ${literal(`%${escapeLike(search)}%`)} ESCAPE '\\'`] : []),
  ];
  const { rows, elapsedMs } = await api.query(
    `SELECT DISTINCT ${name} FROM ${table} WHERE ${terms.join(' AND ')}` +
      ` ORDER BY ${name} LIMIT ${rowsMax + 1}`,
    { rowsMax: rowsMax + 1, signal },
  );
  const items = rows.slice(0, rowsMax).map(([value]) => value ?? '');
  return { items, isTruncated: rows.length > rowsMax, elapsedMs };
}

function escapeLike(search: string): string {
  return search.toLowerCase().replaceAll(/[\\%_]/g, (character) => `\\${character}`);
}

/** See `RowReader.points`. */
export async function readPoints(
  { api, table, columns }: ReadTable,
  choice: MeasureChoice,
  limits: ReadLimits,
): Promise<Answer<StoredPoint>> {
  const value = valueExpression(columns);
  if (value === undefined) return nothing;
  const { rows, isTruncated, elapsedMs } = await api.query(
    `SELECT time, ${value} AS value${groupColumn(choice, columns)} FROM ${table} WHERE ${measureWhere(choice)} ORDER BY time`,
    limits,
  );
  const items = rows.flatMap(([time, each, group]) =>
    time && isNumber(each)
      ? [{ group: group ?? '', timeMs: parseTimeMs(time), value: Number(each) }]
      : [],
  );
  return { items, isTruncated, elapsedMs };
}

/** See `RowReader.bins`. */
export async function readBins(
  { api, table, columns }: ReadTable,
  choice: MeasureChoice,
  binMs: number,
  limits: ReadLimits,
): Promise<Answer<PointsBin>> {
  const value = valueExpression(columns);
  if (value === undefined) return nothing;
  const bin = `bin(time, ${intervalText(binMs)})`;
  const group = groupColumn(choice, columns);
  const { rows, isTruncated, elapsedMs } = await api.query(
    `SELECT ${bin} AS t, COUNT(*) AS points, MIN(${value}) AS least, MAX(${value}) AS greatest, AVG(${value}) AS mean${group}` +
      ` FROM ${table} WHERE ${measureWhere(choice)} GROUP BY ${bin}${group} ORDER BY t`,
    limits,
  );
  const items = rows.flatMap(([time, points, least, greatest, mean, name]) =>
    time && [least, greatest, mean].every(isNumber)
      ? [
          {
            group: name ?? '',
            startMs: parseTimeMs(time),
            pointsCount: Number(points),
            min: Number(least),
            max: Number(greatest),
            mean: Number(mean),
          },
        ]
      : [],
  );
  return { items, isTruncated, elapsedMs };
}

/** The rows of one measure. */
export function measureWhere({ measure, filters, ...range }: MeasureChoice): string {
  const terms = [`measure_name = ${literal(measure)}`, timeBetween(range), ...filterTerms(filters)];
  return terms.join(' AND ');
}

/** The column that answers are told apart by, with a comma before it. */
export function groupColumn({ by }: MeasureChoice, { dimensions }: TableColumns): string {
  return by !== undefined && dimensions.includes(by) ? `, ${identifier(by)}` : '';
}

/** Only finite numbers can be drawn, and written in JSON. */
export function isNumber(text: string | null | undefined): boolean {
  return text !== null && text !== undefined && Number.isFinite(Number(text));
}
