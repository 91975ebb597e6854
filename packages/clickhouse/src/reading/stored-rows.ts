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

/**
 * The rows of a span of time in the order of the table's key, one part after another. Each part is
 * between two keys, so that the engine reads its rows only, and not all that are left.
 */
export async function* readStoredRows(
  session: ReadingSession,
  layout: TableLayout,
  span: TimeSpan,
  { batchRowsMax, signal }: BatchLimits,
): AsyncGenerator<readonly StoredRow[]> {
  let after: Key | undefined;
  for (;;) {
    const ends = await session.rows(endStatement(layout, span, after, batchRowsMax), signal);
    const [until] = ends.value as readonly Key[];
    const { value } = await session.rows(rowsStatement(layout, span, { after, until }), signal);
    const rows = value as readonly Cells[];
    if (rows.length > 0) yield rows.map(storedRowOf);
    if (until === undefined) return;
    after = until;
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

/** Where a row is in the order of its table, as text: one for each column of the key. */
type Key = readonly string[];

/** What the rows of a table are sorted by, how it is read as text, and how that text is written in SQL. */
function keyColumns({ hasWindows }: TableLayout): readonly KeyColumn[] {
  const milliseconds = (column: string): KeyColumn => ({
    column,
    text: `toString(toUnixTimestamp64Milli(${column}))`,
    literal: (text) => `fromUnixTimestamp64Milli(toInt64(${text}), 'UTC')`,
  });
  return [
    { column: 'measure_name', text: 'measure_name', literal },
    {
      column: 'toStartOfHour(time)',
      text: 'toString(toUnixTimestamp(toStartOfHour(time)))',
      literal: (text) => `toDateTime(${text}, 'UTC')`,
    },
    {
      column: 'series_id',
      text: 'toString(series_id)',
      literal: (text) => `toUInt128(${literal(text)})`,
    },
    {
      column: 'time',
      text: 'toString(toUnixTimestamp64Nano(time))',
      literal: (text) => `fromUnixTimestamp64Nano(toInt64(${text}), 'UTC')`,
    },
    ...(hasWindows ? [milliseconds('window_start'), milliseconds('window_end')] : []),
  ];
}

interface KeyColumn {
  readonly column: string;
  readonly text: string;
  readonly literal: (text: string) => string;
}

/** The key of the last row of a part. Versions that are not merged yet make the part smaller. */
function endStatement(
  layout: TableLayout,
  span: TimeSpan,
  after: Key | undefined,
  rowsMax: number,
): string {
  const columns = keyColumns(layout);
  return `SELECT ${columns.map(({ text }) => text).join(', ')} FROM ${layout.rows}
    WHERE ${partTerms(layout, span, { after, until: undefined })}
    ORDER BY ${columns.map(({ column }) => column).join(', ')} LIMIT 1 OFFSET ${rowsMax - 1}`;
}

interface Part {
  /** Absent from the first part. */
  readonly after: Key | undefined;
  /** Absent from the last part. */
  readonly until: Key | undefined;
}

function partTerms(layout: TableLayout, span: TimeSpan, { after, until }: Part): string {
  const columns = keyColumns(layout);
  return [
    within(span),
    ...(after ? [compareKey(columns, after, '>')] : []),
    ...(until ? [compareKey(columns, until, '<')] : []),
  ].join(' AND ');
}

/** Beyond a key, or up to it. Spelled out, because the engine finds its place in no comparison of tuples. */
function compareKey([first, ...rest]: readonly KeyColumn[], key: Key, sign: '>' | '<'): string {
  if (!first) return sign === '<' ? '1' : '0';
  const [text = '', ...texts] = key;
  const value = first.literal(text);
  return `(${first.column} ${sign} ${value} OR (${first.column} = ${value} AND ${compareKey(rest, texts, sign)}))`;
}

/** What `rowsStatement` selects. 64-bit integers are text. */
type Cells = readonly [
  measureName: string,
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

function rowsStatement(layout: TableLayout, span: TimeSpan, part: Part): string {
  const { rows, series, hasWindows } = layout;
  const bounds = hasWindows
    ? 'toUnixTimestamp64Milli(window_start), toUnixTimestamp64Milli(window_end)'
    : 'toInt64(0), toInt64(0)';
  const terms = partTerms(layout, span, part);
  return `SELECT measure_name, toUnixTimestamp64Nano(time), ${bounds}, dimensions,
      value, value_int, value_text, value_bool, attributes, version
    FROM (SELECT * FROM ${rows} FINAL WHERE ${terms}) AS r
    ANY LEFT JOIN (
      SELECT measure_name, series_id, dimensions FROM ${series}
      WHERE (measure_name, series_id) IN (SELECT measure_name, series_id FROM ${rows} WHERE ${terms})
    ) AS s
    USING (measure_name, series_id)`;
}

function within({ startMs, endMs }: TimeSpan): string {
  return `time >= ${instant(startMs)} AND time < ${instant(endMs)}`;
}

function storedRowOf(cells: Cells): StoredRow {
  const [measureName, time, startMs, endMs, given] = cells;
  const attributes = Object.entries(cells[9]);
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
    version: Number(cells[10]),
    // The table keeps the texts of attributes, not their types.
    ...(attributes.length > 0 && {
      attributes: attributes.map(([name, value]) => ({ name, type: 'VARCHAR', value }) as const),
    }),
  };
}

/** A whole number is in two columns, so the exact one is looked at first. */
function valueOf(cells: Cells): Pick<Row, 'measureValue' | 'measureValueType'> {
  const [, , , , , value, bigint, text, bool] = cells;
  if (bigint !== null) return { measureValueType: 'BIGINT', measureValue: bigint };
  if (value !== null) return { measureValueType: 'DOUBLE', measureValue: String(value) };
  if (bool !== null) return { measureValueType: 'BOOLEAN', measureValue: String(bool) };
  return { measureValueType: 'VARCHAR', measureValue: text ?? '' };
}
