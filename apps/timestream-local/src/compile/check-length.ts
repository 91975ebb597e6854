import { SqlError, type Position } from '../sql/sql-error.ts';

/**
 * Beyond this length, DuckDB takes far longer to plan a statement than this server takes to compile
 * it.
 */
const sqlCharactersMax = 1_000_000;

/**
 * Checks the length of compiled SQL, because functions that use an argument twice double it at
 * every level.
 *
 * @throws {SqlError} when it is too long
 */
export function checkLength(sql: string, at: Position): void {
  if (sql.length > sqlCharactersMax) throw new SqlError(at, 'the query is too complex');
}
