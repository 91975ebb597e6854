import { physicalType } from './physical-type.ts';
import { quoteText } from './quote.ts';
import type { SqlType } from './sql-type.ts';

/**
 * SQL that fails the query when a row reaches it. `try(…)` catches it, which it would not do with
 * DuckDB's own `error()`.
 */
export function failure(message: string, type: SqlType): string {
  return `CAST(hw_fail(${quoteText(message)}) AS ${physicalType(type)})`;
}
