import { physicalType } from './physical-type.ts';
import { isSameType, types, type SqlType } from './sql-type.ts';

/** DuckDB SQL for a value, safe to be put anywhere, and the value's type in the dialect. */
export interface Typed {
  readonly sql: string;
  readonly type: SqlType;
  /** Of a text: no more bytes than this, if the statement alone says so. */
  readonly bytesMax?: number | undefined;
  /** For concatenated texts: their parts. */
  readonly parts?: readonly Typed[] | undefined;
}

/**
 * Converts a value to a wider type. `coercionDistance` must say that the conversion is implicit.
 *
 * The result is the same SQL when nothing changes, so that equal expressions stay equal.
 */
export function coerce(value: Typed, type: SqlType): Typed {
  if (isSameType(value.type, type)) return value;
  return { sql: coercedSql(value, type), type };
}

function coercedSql({ sql, type: from }: Typed, to: SqlType): string {
  if (from.kind === 'unknown') return `CAST(NULL AS ${physicalType(to)})`;
  if (from.kind === 'date' && to.kind === 'timestamp') return dateToTimestamp(sql);
  const isPlain = !containsDate(from) || isSameType(from, to);
  if (isPlain) return `CAST(${sql} AS ${physicalType(to)})`;
  if (from.kind === 'array' && to.kind === 'array') {
    const element = coerce({ sql: 'lambda_item', type: from.element }, to.element);
    return `list_transform(${sql}, lambda lambda_item: ${element.sql})`;
  }
  if (from.kind === 'row' && to.kind === 'row') {
    const fields = from.fields.map((field, at) => {
      const target = to.fields[at]?.type ?? field.type;
      const part = coerce({ sql: `struct_extract(${sql}, 'f${at}')`, type: field.type }, target);
      return `f${at} := ${part.sql}`;
    });
    return `struct_pack(${fields.join(', ')})`;
  }
  return `CAST(${sql} AS ${physicalType(to)})`;
}

/** Midnight of a date, in nanoseconds. */
export function dateToTimestamp(sql: string): string {
  return `(CAST(date_diff('day', DATE '1970-01-01', ${sql}) AS BIGINT) * 86400000000000)`;
}

function containsDate(type: SqlType): boolean {
  if (type.kind === 'array') return containsDate(type.element);
  if (type.kind === 'row') return type.fields.some((field) => containsDate(field.type));
  return type.kind === 'date';
}

export const nullOf = (type: SqlType): Typed => ({
  sql: `CAST(NULL AS ${physicalType(type)})`,
  type,
});

export const untypedNull: Typed = { sql: 'NULL', type: types.unknown };
