import { SqlError, type Position } from './sql-error.ts';

/**
 * The service tells the place of a syntax error and nothing else.
 *
 * @param detail what is wrong there: only the log has it
 */
export function syntaxError(at: Position, detail: string): SqlError {
  const cause = new Error(detail);
  return new SqlError(at, 'The query syntax is invalid', { place: 'last', cause });
}
