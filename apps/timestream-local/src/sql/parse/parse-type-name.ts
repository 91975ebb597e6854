import type { TypeName } from '../ast/type-name.ts';
import type { Cursor } from './cursor.ts';

/** A type, as in a cast: `varchar(10)`, `array(bigint)`, `row(a double)`, `interval day to second`. */
export function parseTypeName(cursor: Cursor): TypeName {
  return cursor.nested(() => parseType(cursor));
}

function parseType(cursor: Cursor): TypeName {
  const { at } = cursor;
  const name = cursor.name().text.toLowerCase();
  const plain = (words: string): TypeName => ({ name: words, arguments: [], numbers: [], at });
  if (name === 'double' && cursor.acceptKeywords('PRECISION')) return plain('double');
  if (name === 'interval') return plain(`interval ${parseIntervalRange(cursor)}`);
  if (!cursor.isSymbol('(')) return plain(name);
  if (cursor.peek(1).kind === 'integer') {
    return { name, arguments: [], numbers: cursor.bracketed(() => cursor.integer()), at };
  }
  const inner = cursor.bracketed(() => parseArgument(cursor, name === 'row'));
  return { name, arguments: inner, numbers: [], at };
}

function parseIntervalRange(cursor: Cursor): string {
  if (cursor.acceptKeywords('DAY', 'TO', 'SECOND')) return 'day to second';
  cursor.expectKeywords('YEAR', 'TO', 'MONTH');
  return 'year to month';
}

/** A row's fields may have names. A name is followed by the first word of its type. */
function parseArgument(cursor: Cursor, isRow: boolean): TypeName['arguments'][number] {
  // Two types are of several words: `double precision`, and `interval day to second`.
  const isWords =
    cursor.isKeyword('PRECISION', 1) || (cursor.isKeyword('INTERVAL') && cursor.isKeyword('TO', 2));
  const isNamed = isRow && cursor.isName() && cursor.isName(1) && !isWords;
  const name = isNamed ? cursor.name().text : undefined;
  return { name, type: parseTypeName(cursor) };
}
