/** What a page does with the values of a column. */
export type ColumnKind = 'time' | 'number' | 'text' | 'other';

/** The names that the engines have for their types, in lower case, without parameters. */
const kindByName: Readonly<Record<string, ColumnKind>> = {
  timestamp: 'time',
  'timestamp with time zone': 'time',
  'timestamp without time zone': 'time',
  datetime: 'time',
  datetime64: 'time',

  double: 'number',
  'double precision': 'number',
  real: 'number',
  float32: 'number',
  float64: 'number',
  numeric: 'number',
  decimal: 'number',
  smallint: 'number',
  integer: 'number',
  bigint: 'number',
  int8: 'number',
  int16: 'number',
  int32: 'number',
  int64: 'number',
  uint8: 'number',
  uint16: 'number',
  uint32: 'number',
  uint64: 'number',

  varchar: 'text',
  'character varying': 'text',
  text: 'text',
  name: 'text',
  string: 'text',
  fixedstring: 'text',
};

/** Sorts the types of Timestream, PostgreSQL, and ClickHouse. */
export function columnKind(type: string): ColumnKind {
  // ClickHouse says in its types how values are stored, and whether there may be none.
  const bare = type.replaceAll(/(nullable|lowcardinality)\(/gi, '');
  const [name = ''] = bare.toLowerCase().split('(');
  return kindByName[name.replaceAll(')', '')] ?? 'other';
}

/** The time that an engine shows as `yyyy-MM-dd HH:mm:ss`, with or without a fraction and an offset. */
export function columnTimeMs(text: string): number {
  const [, day, time, fraction = '', offset = ''] =
    /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)?(?:Z|([+-]\d\d(?::?\d\d)?))?$/.exec(text) ?? [];
  if (day === undefined) return Number.NaN;
  const hours = offset.slice(0, 3) || '+00';
  const minutes = offset.slice(3).replace(':', '') || '00';
  return Date.parse(`${day}T${time}${fraction.slice(0, 4)}${hours}:${minutes}`);
}
