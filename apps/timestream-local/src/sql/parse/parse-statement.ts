import type { Name } from '../ast/nodes.ts';
import type { Statement } from '../ast/statement.ts';
import { SqlError } from '../sql-error.ts';
import { tokenize } from '../tokenize.ts';
import { Cursor } from './cursor.ts';
import { parseExpression, parseValue } from './parse-expression.ts';
import { parseQuery, parseQueryAfter, parseSortItems } from './parse-query.ts';

/**
 * Parses one statement of the dialect; a semicolon may end it.
 *
 * @throws {SqlError} with line and column, at the first token that fits nowhere
 */
export function parseStatement(sql: string): Statement {
  const cursor = new Cursor(tokenize(sql), {
    expression: parseExpression,
    value: parseValue,
    query: parseQuery,
    queryAfter: parseQueryAfter,
    sortItems: parseSortItems,
  });
  const statement = parseAny(cursor);
  cursor.acceptSymbol(';');
  if (cursor.token.kind !== 'end') throw cursor.mismatch('<EOF>');
  return statement;
}

function parseAny(cursor: Cursor): Statement {
  const { at } = cursor;
  if (cursor.acceptKeywords('SHOW')) return parseShow(cursor, at);
  if (cursor.acceptOneOf('DESCRIBE', 'DESC') !== undefined) {
    return { kind: 'describe', at, table: parseTableName(cursor) };
  }
  if (cursor.isKeyword('UNLOAD')) {
    throw new SqlError(at, 'UNLOAD is not supported here: there is no S3 to unload to');
  }
  return parseQuery(cursor);
}

function parseShow(cursor: Cursor, at: Statement['at']): Statement {
  if (cursor.acceptKeywords('DATABASES')) {
    return { kind: 'showDatabases', at, like: parseLike(cursor) };
  }
  if (cursor.acceptKeywords('TABLES')) {
    const hasDatabase = cursor.acceptOneOf('FROM', 'IN') !== undefined;
    const database = hasDatabase ? cursor.name() : undefined;
    return { kind: 'showTables', at, database, like: parseLike(cursor) };
  }
  if (cursor.acceptKeywords('MEASURES')) {
    if (cursor.acceptOneOf('FROM', 'IN') === undefined) throw cursor.mismatch("'FROM', 'IN'");
    return { kind: 'showMeasures', at, table: parseTableName(cursor), like: parseLike(cursor) };
  }
  throw cursor.mismatch("'DATABASES', 'MEASURES', 'TABLES'");
}

function parseLike(cursor: Cursor): string | undefined {
  return cursor.acceptKeywords('LIKE') ? cursor.string() : undefined;
}

function parseTableName(cursor: Cursor): readonly Name[] {
  const parts = [cursor.name()];
  while (cursor.acceptSymbol('.')) parts.push(cursor.name());
  return parts;
}
