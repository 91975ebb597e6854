import type { Cursor } from './cursor.ts';

/**
 * Whether an alias without AS is next. OFFSET, LIMIT, and WINDOW are not reserved, but start
 * clauses.
 */
export function isAlias(cursor: Cursor): boolean {
  const isClause =
    (cursor.isKeyword('LIMIT') && isCount(cursor)) ||
    (cursor.isKeyword('OFFSET') && isCount(cursor)) ||
    (cursor.isKeyword('WINDOW') && cursor.isKeyword('AS', 2)) ||
    (cursor.isKeyword('TABLESAMPLE') && cursor.isSymbol('(', 2));
  return cursor.isName() && !isClause;
}

function isCount(cursor: Cursor): boolean {
  return cursor.peek(1).kind === 'integer' || cursor.isKeyword('ALL', 1);
}
