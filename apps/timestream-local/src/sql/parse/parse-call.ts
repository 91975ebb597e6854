import type { Call, FrameBound, Name, WindowFrame, WindowSpec } from '../ast/nodes.ts';
import type { Cursor } from './cursor.ts';

/** A call of the function whose name has been read, with all that can follow its arguments. */
export function parseCall(cursor: Cursor, name: Name): Call {
  cursor.expectSymbol('(');
  const isStar = cursor.acceptSymbol('*');
  const isDistinct = !isStar && cursor.acceptKeywords('DISTINCT');
  if (!isStar && !isDistinct) cursor.acceptKeywords('ALL');
  const isEmpty = isStar || cursor.isSymbol(')') || cursor.isKeyword('ORDER');
  const args = isEmpty ? [] : cursor.list(() => cursor.grammar.expression(cursor));
  const orderBy = cursor.acceptKeywords('ORDER', 'BY') ? cursor.grammar.sortItems(cursor) : [];
  cursor.expectSymbol(')');
  return {
    kind: 'call',
    at: name.at,
    name,
    arguments: args,
    isStar,
    isDistinct,
    orderBy,
    filter: parseFilter(cursor),
    nulls: parseNulls(cursor),
    over: cursor.acceptKeywords('OVER') ? parseOver(cursor) : undefined,
  };
}

function parseFilter(cursor: Cursor): Call['filter'] {
  if (!cursor.isKeyword('FILTER') || !cursor.isSymbol('(', 1)) return undefined;
  cursor.next();
  cursor.expectSymbol('(');
  cursor.expectKeywords('WHERE');
  const condition = cursor.grammar.expression(cursor);
  cursor.expectSymbol(')');
  return condition;
}

function parseNulls(cursor: Cursor): Call['nulls'] {
  if (!cursor.isKeyword('NULLS', 1)) return undefined;
  const nulls = cursor.acceptOneOf('IGNORE', 'RESPECT');
  if (nulls !== undefined) cursor.expectKeywords('NULLS');
  return nulls;
}

function parseOver(cursor: Cursor): WindowSpec {
  if (!cursor.isSymbol('(')) return { base: cursor.name(), partitionBy: [], orderBy: [] };
  return parseWindowSpec(cursor);
}

/** The brackets after OVER, or of a WINDOW clause. */
export function parseWindowSpec(cursor: Cursor): WindowSpec {
  cursor.expectSymbol('(');
  const base = cursor.isName() && !isClause(cursor) ? cursor.name() : undefined;
  const partitionBy = cursor.acceptKeywords('PARTITION', 'BY')
    ? cursor.list(() => cursor.grammar.expression(cursor))
    : [];
  const orderBy = cursor.acceptKeywords('ORDER', 'BY') ? cursor.grammar.sortItems(cursor) : [];
  const frame = parseFrame(cursor);
  cursor.expectSymbol(')');
  return { base, partitionBy, orderBy, frame };
}

/**
 * These words are not reserved, so only the following token distinguishes them from a window's
 * name.
 */
function isClause(cursor: Cursor): boolean {
  return (
    cursor.isKeyword('PARTITION') ||
    (['ROWS', 'RANGE', 'GROUPS'].some((unit) => cursor.isKeyword(unit)) && !cursor.isSymbol(')', 1))
  );
}

function parseFrame(cursor: Cursor): WindowFrame | undefined {
  const unit = cursor.acceptOneOf('ROWS', 'RANGE', 'GROUPS');
  if (unit === undefined) return undefined;
  if (!cursor.acceptKeywords('BETWEEN')) return { unit, start: parseBound(cursor) };
  const start = parseBound(cursor);
  cursor.expectKeywords('AND');
  return { unit, start, end: parseBound(cursor) };
}

function parseBound(cursor: Cursor): FrameBound {
  if (cursor.acceptKeywords('CURRENT', 'ROW')) return { kind: 'current' };
  const isUnbounded = cursor.acceptKeywords('UNBOUNDED');
  const offset = isUnbounded ? undefined : cursor.grammar.expression(cursor);
  const side = cursor.acceptOneOf('PRECEDING', 'FOLLOWING');
  if (side === undefined) throw cursor.mismatch("'FOLLOWING', 'PRECEDING'");
  if (isUnbounded) {
    return { kind: side === 'PRECEDING' ? 'unboundedPreceding' : 'unboundedFollowing' };
  }
  return { kind: side === 'PRECEDING' ? 'preceding' : 'following', offset };
}
