import type { SqlType } from './sql-type.ts';

/**
 * How DuckDB holds a type.
 *
 * Points in time and day-second intervals are whole nanoseconds, for DuckDB's own types lose them in
 * arithmetic. A row is a STRUCT with fields `f0`, `f1`, …, for DuckDB's names ignore case; a
 * timeseries is a list of such rows, of time and value.
 */
export function physicalType(type: SqlType): string {
  switch (type.kind) {
    case 'boolean':
    case 'integer':
    case 'bigint':
    case 'double':
    case 'varchar':
    case 'date':
      return type.kind.toUpperCase();
    case 'timestamp':
    case 'time':
    case 'interval day to second':
      return 'BIGINT';
    case 'interval year to month':
    case 'unknown':
      return 'INTEGER';
    case 'array':
      return `${physicalType(type.element)}[]`;
    case 'timeseries':
      return `STRUCT(f0 BIGINT, f1 ${physicalType(type.element)})[]`;
    case 'row': {
      const fields = type.fields.map((field, at) => `f${at} ${physicalType(field.type)}`);
      return `STRUCT(${fields.join(', ')})`;
    }
  }
}
