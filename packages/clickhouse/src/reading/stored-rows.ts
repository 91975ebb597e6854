import type {
  BatchLimits,
  Dimension,
  Row,
  RowsSummary,
  StoredRow,
  TimeSpan,
} from '@highwater/model';
import { instant, literal } from '../sql-text.ts';
import type { TableLayout } from '../table-layout.ts';
import { windowBoundText } from '../window-bounds.ts';
import type { ReadingSession } from './reading-session.ts';

/** The rows of a span of time in their order in the table, one part after another. */
export async function* readStoredRows(
  session: ReadingSession,
  layout: TableLayout,
  span: TimeSpan,
  { batchRowsMax, signal }: BatchLimits,
): AsyncGenerator<readonly StoredRow[]> {
  let after: Cells | undefined;
  for (;;) {
    const statement = rowsStatement(layout, span, after, batchRowsMax);
    const { value } = await session.rows(statement, signal);
    const rows = value as readonly Cells[];
    if (rows.length > 0) yield rows.map(storedRowOf);
    if (rows.length < batchRowsMax) return;
    after = rows.at(-1);
  }
}

/** Counts the rows of a span of time, each at its highest version. */
export async function summarizeRows(
  session: ReadingSession,
  layout: TableLayout,
  span: TimeSpan,
  signal: AbortSignal,
): Promise<RowsSummary> {
  const statement = `SELECT count(), min(toUnixTimestamp64Milli(time)), max(toUnixTimestamp64Milli(time))
    FROM ${layout.rows} FINAL WHERE ${within(span)}`;
  const [[count, oldest, newest] = []] = (await session.rows(statement, signal)).value;
  const rowsCount = Number(count ?? 0);
  const msOf = (cell: unknown) => (rowsCount === 0 ? undefined : Number(cell));
  return { rowsCount, oldestMs: msOf(oldest), newestMs: msOf(newest) };
}

/** What `rowsStatement` selects. 64-bit integers are text. */
type Cells = readonly [
  measureName: string,
  seriesId: string,
  timeNanoseconds: string,
  windowStartMs: string,
  windowEndMs: string,
  dimensions: Readonly<Record<string, string>>,
  value: number | null,
  bigint: string | null,
  text: string | null,
  bool: boolean | null,
  attributes: Readonly<Record<string, string>>,
  version: string,
];

function rowsStatement(
  { rows, series, hasWindows }: TableLayout,
  span: TimeSpan,
  after: Cells | undefined,
  rowsMax: number,
): string {
  const bounds = hasWindows
    ? 'toUnixTimestamp64Milli(window_start) AS start, toUnixTimestamp64Milli(window_end) AS end'
    : 'toInt64(0) AS start, toInt64(0) AS end';
  const place = '(measure_name, toString(series_id), nanoseconds, start, end)';
  const next =
    after === undefined
      ? ''
      : `WHERE ${place} > (${literal(after[0])}, ${literal(after[1])}, toInt64(${after[2]}), toInt64(${after[3]}), toInt64(${after[4]}))`;
  return `SELECT measure_name, toString(series_id), nanoseconds, start, end, dimensions,
      value, value_int, value_text, value_bool, attributes, version
    FROM (
      SELECT * FROM (
        SELECT *, toUnixTimestamp64Nano(time) AS nanoseconds, ${bounds}
        FROM ${rows} FINAL WHERE ${within(span)}
      ) ${next}
      ORDER BY ${place} LIMIT ${rowsMax}
    ) AS r
    ANY LEFT JOIN (SELECT measure_name, series_id, dimensions FROM ${series}) AS s
    USING (measure_name, series_id)
    ORDER BY ${place}`;
}

function within({ startMs, endMs }: TimeSpan): string {
  return `time >= ${instant(startMs)} AND time < ${instant(endMs)}`;
}

function storedRowOf(cells: Cells): StoredRow {
  const [measureName, , time, startMs, endMs, given] = cells;
  const attributes = Object.entries(cells[10]);
  const dimensions: Dimension[] = Object.entries(given).map(([name, value]) => ({ name, value }));
  if (endMs !== '0') {
    dimensions.push(
      { name: 'window_start', value: windowBoundText(Number(startMs)) },
      { name: 'window_end', value: windowBoundText(Number(endMs)) },
    );
  }
  return {
    measureName,
    ...valueOf(cells),
    dimensions,
    time,
    timeUnit: 'NANOSECONDS',
    version: Number(cells[11]),
    // The table keeps the texts of attributes, not their types.
    ...(attributes.length > 0 && {
      attributes: attributes.map(([name, value]) => ({ name, type: 'VARCHAR', value }) as const),
    }),
  };
}

/** A whole number is in two columns, so the exact one is looked at first. */
function valueOf(cells: Cells): Pick<Row, 'measureValue' | 'measureValueType'> {
  const [, , , , , , value, bigint, text, bool] = cells;
  if (bigint !== null) return { measureValueType: 'BIGINT', measureValue: bigint };
  if (value !== null) return { measureValueType: 'DOUBLE', measureValue: String(value) };
  if (bool !== null) return { measureValueType: 'BOOLEAN', measureValue: String(bool) };
  return { measureValueType: 'VARCHAR', measureValue: text ?? '' };
}
