import type { Attribute, Dimension, StoredRow, StoreTable, TimeSpan } from '@highwater/model';
import type { Statement } from '../connections.ts';
import type { SchemaNames } from '../schema/schema-names.ts';
import { timestampText } from '../writing/row-time.ts';

/** Whole microseconds since the epoch, exact: `extract` is of type numeric. */
const micros = (time: string) => `(extract(epoch from ${time}) * 1000000)::bigint`;
/** Null where it is infinite, which is for no window. */
const milliseconds = (time: string) =>
  `case when isfinite(${time}) then (extract(epoch from ${time}) * 1000)::bigint end`;

/** The rows in a span of time, for `storedRowOf`. */
export function rowsStatement(names: SchemaNames, table: StoreTable, span: TimeSpan): Statement {
  const bounds = {
    raw: 'null, null',
    views: 's.window_before_ms, s.window_after_ms',
    corrections: `${milliseconds('p.window_start')}, ${milliseconds('p.window_end')}`,
  }[table];
  return {
    text: `select s.measure_name, s.dimensions, ${micros('p.time')}, p.nanos, p.version,
        p.value, p.value_bigint, p.value_bool, p.value_text, p.attributes, ${bounds}
      from ${names.tables[table]} p join ${names.series} s using (series_id)
      where p.time >= $1::timestamptz and p.time < $2::timestamptz`,
    values: [timestampText(span.startMs), timestampText(span.endMs)],
  };
}

/** How many rows are in a span of time, and its oldest and newest in ms. */
export function summaryStatement(names: SchemaNames, table: StoreTable, span: TimeSpan): Statement {
  const ms = (time: string) => `floor(extract(epoch from ${time}) * 1000)::bigint`;
  return {
    text: `select count(*), ${ms('min(time)')}, ${ms('max(time)')} from ${names.tables[table]}
      where time >= $1::timestamptz and time < $2::timestamptz`,
    values: [timestampText(span.startMs), timestampText(span.endMs)],
  };
}

/** A row as it was written: the inverse of what `seriesOf`, `rowTime`, and `storedValues` do. */
export function storedRowOf(table: StoreTable, cells: readonly unknown[]): StoredRow {
  const [measureName, dimensions, timeMicros, nanos, version, ...rest] = cells as RowCells;
  const [value, bigint, bool, text, attributes, start, end] = rest;
  const timeMs = Math.floor(Number(timeMicros) / 1000);
  const window = windowOf(table, timeMs, start, end);
  return {
    measureName,
    ...valueOf([value, bigint, bool, text]),
    dimensions: [
      ...Object.entries(dimensions).map(([name, each]): Dimension => ({ name, value: each })),
      ...window,
    ],
    time: `${timeMicros}${String(nanos).padStart(3, '0')}`,
    timeUnit: 'NANOSECONDS',
    version: Number(version),
    ...(attributes !== null && { attributes: attributesOf(attributes) }),
  };
}

/** What `rowsStatement` selects, as the client of the server reads it: `bigint` is text. */
type RowCells = readonly [
  measureName: string,
  dimensions: Readonly<Record<string, string>>,
  timeMicros: string,
  nanos: number,
  version: string,
  ...Values,
  attributes: AttributesJson | null,
  start: string | null,
  end: string | null,
];
/** One of them is the value. */
type Values = readonly [
  value: number | null,
  bigint: string | null,
  bool: boolean | null,
  text: string | null,
];

/** A text as it is, and what is not one with its type. */
type AttributesJson = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

function attributesOf(json: AttributesJson): readonly Attribute[] {
  return Object.entries(json).map(([name, given]) => {
    if (typeof given === 'string') return { name, type: 'VARCHAR', value: given };
    const [[type, value] = ['', '']] = Object.entries(given);
    return { name, type: type as Attribute['type'], value };
  });
}

function valueOf([value, bigint, bool, text]: Values): Pick<
  StoredRow,
  'measureValue' | 'measureValueType'
> {
  if (value !== null) return { measureValueType: 'DOUBLE', measureValue: String(value) };
  if (bigint !== null) return { measureValueType: 'BIGINT', measureValue: bigint };
  if (bool !== null) return { measureValueType: 'BOOLEAN', measureValue: String(bool) };
  return { measureValueType: 'VARCHAR', measureValue: text ?? '' };
}

/** Views have distances from the row's time, corrections the bounds; a row may have no window. */
function windowOf(
  table: StoreTable,
  timeMs: number,
  start: string | null,
  end: string | null,
): readonly Dimension[] {
  if (start === null || end === null) return [];
  const [startMs, endMs] =
    table === 'views'
      ? [timeMs - Number(start), timeMs + Number(end)]
      : [Number(start), Number(end)];
  return [
    { name: 'window_start', value: boundText(startMs) },
    { name: 'window_end', value: boundText(endMs) },
  ];
}

function boundText(timeMs: number): string {
  return timestampText(timeMs).replace('T', ' ').replace('Z', '');
}
