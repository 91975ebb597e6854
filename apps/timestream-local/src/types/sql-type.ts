/** Types without parts. `unknown` is the type of NULL, and becomes any other. */
export type ScalarKind =
  | 'boolean'
  | 'integer'
  | 'bigint'
  | 'double'
  | 'varchar'
  | 'timestamp'
  | 'date'
  | 'time'
  | 'interval day to second'
  | 'interval year to month'
  | 'unknown';

export interface ScalarType {
  readonly kind: ScalarKind;
}

export interface ArrayType {
  readonly kind: 'array';
  readonly element: SqlType;
}

export interface TimeSeriesType {
  readonly kind: 'timeseries';
  readonly element: SqlType;
}

export interface RowField {
  readonly name?: string | undefined;
  readonly type: SqlType;
}

export interface RowType {
  readonly kind: 'row';
  readonly fields: readonly RowField[];
}

/** A type of the dialect. How DuckDB holds its values: see `physicalType`. */
export type SqlType = ScalarType | ArrayType | TimeSeriesType | RowType;

const scalar = (kind: ScalarKind): ScalarType => ({ kind });

export const types = {
  boolean: scalar('boolean'),
  integer: scalar('integer'),
  bigint: scalar('bigint'),
  double: scalar('double'),
  varchar: scalar('varchar'),
  timestamp: scalar('timestamp'),
  date: scalar('date'),
  time: scalar('time'),
  duration: scalar('interval day to second'),
  months: scalar('interval year to month'),
  unknown: scalar('unknown'),
  array: (element: SqlType): ArrayType => ({ kind: 'array', element }),
  timeseries: (element: SqlType): TimeSeriesType => ({ kind: 'timeseries', element }),
  row: (fields: readonly RowField[]): RowType => ({ kind: 'row', fields }),
};

/** How messages, and DESCRIBE, write a type. */
export function typeText(type: SqlType): string {
  if ('element' in type) return `${type.kind}(${typeText(type.element)})`;
  return 'fields' in type ? `row(${type.fields.map(fieldText).join(', ')})` : type.kind;
}

function fieldText({ name, type }: RowField): string {
  return name === undefined ? typeText(type) : `${name} ${typeText(type)}`;
}

/** Whether two types are the same, by their names. */
export function isSameType(a: SqlType, b: SqlType): boolean {
  return typeText(a) === typeText(b);
}
