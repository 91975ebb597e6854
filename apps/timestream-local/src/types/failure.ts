import { markOwnWords } from '../udf/own-words.ts';
import { physicalType } from './physical-type.ts';
import { quoteText } from './quote.ts';
import type { SqlType } from './sql-type.ts';

/**
 * SQL that fails the query with a message when a row reaches it: a cast that cannot succeed. `try(…)`
 * catches it, which it would not do with DuckDB's own `error()`.
 */
export function failure(message: string, type: SqlType): string {
  return `CAST(CAST(${quoteText(markOwnWords(message))} AS INTEGER) AS ${physicalType(type)})`;
}
