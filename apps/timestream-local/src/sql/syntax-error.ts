import { SqlError, type Position } from './sql-error.ts';

/**
 * For a syntax error, the service returns only its position.
 *
 * @param detail the problem, which only the log contains
 */
export function syntaxError(at: Position, detail: string): SqlError {
  const cause = new Error(detail);
  return new SqlError(at, 'The query syntax is invalid', { place: 'last', cause });
}
