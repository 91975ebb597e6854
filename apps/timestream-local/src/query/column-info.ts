import type { SqlType } from '../types/sql-type.ts';

/** A column, or a part of one, as the API describes it. */
export interface ColumnInfo {
  readonly Name?: string;
  readonly Type: object;
}

/** An element of an array or a timeseries has no name. */
export function columnInfo(type: SqlType, name?: string): ColumnInfo {
  return { ...(name === undefined ? {} : { Name: name }), Type: wireType(type) };
}

function wireType(type: SqlType): object {
  if (type.kind === 'array') return { ArrayColumnInfo: columnInfo(type.element) };
  if (type.kind === 'timeseries') {
    return { TimeSeriesMeasureValueColumnInfo: columnInfo(type.element) };
  }
  if (type.kind === 'row') {
    return { RowColumnInfo: type.fields.map((field) => columnInfo(field.type, field.name)) };
  }
  return { ScalarType: type.kind.toUpperCase().replaceAll(' ', '_') };
}
