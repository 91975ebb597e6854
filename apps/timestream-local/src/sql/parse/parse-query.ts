import type { NestedQuery, Query, QueryBody, SortItem, Values, WithItem } from '../ast/nodes.ts';
import { SqlError } from '../sql-error.ts';
import type { Cursor } from './cursor.ts';
import { parseSelect } from './parse-select.ts';

/** A query with all its clauses. */
export function parseQuery(cursor: Cursor): Query {
  return cursor.nested(() => {
    const { at } = cursor;
    const items = cursor.acceptKeywords('WITH') ? parseWith(cursor) : [];
    return parseTail(cursor, { at, with: items, body: parseUnion(cursor) });
  });
}

/** The rest of a query whose first operand, a query in brackets, has been read. */
export function parseQueryAfter(cursor: Cursor, first: Query): Query {
  const { at } = first;
  const nested: NestedQuery = { kind: 'nested', at, query: first };
  return parseTail(cursor, { at, with: [], body: parseUnion(cursor, nested) });
}

/** Reads the items after ORDER BY. Without NULLS, the order of nulls stays unspecified. */
export function parseSortItems(cursor: Cursor): readonly SortItem[] {
  return cursor.list(() => {
    const expression = cursor.grammar.expression(cursor);
    const isDescending = cursor.acceptOneOf('ASC', 'DESC') === 'DESC';
    if (!cursor.acceptKeywords('NULLS')) return { expression, isDescending };
    const nulls = cursor.acceptOneOf('FIRST', 'LAST');
    if (nulls === undefined) throw cursor.mismatch("'FIRST', 'LAST'");
    return { expression, isDescending, nulls };
  });
}

function parseTail(cursor: Cursor, head: Pick<Query, 'at' | 'with' | 'body'>): Query {
  const orderBy = cursor.acceptKeywords('ORDER', 'BY') ? parseSortItems(cursor) : [];
  let offset: string | undefined;
  if (cursor.acceptKeywords('OFFSET')) {
    offset = cursor.integer();
    cursor.acceptOneOf('ROW', 'ROWS');
  }
  const limit = cursor.acceptKeywords('LIMIT') ? parseLimit(cursor) : undefined;
  return { kind: 'query', ...head, orderBy, offset, limit };
}

function parseLimit(cursor: Cursor): string | undefined {
  return cursor.acceptKeywords('ALL') ? undefined : cursor.integer();
}

function parseWith(cursor: Cursor): readonly WithItem[] {
  if (cursor.isKeyword('RECURSIVE')) {
    throw new SqlError(cursor.at, 'Recursive queries are not supported');
  }
  return cursor.list(() => {
    const name = cursor.name();
    const columns = cursor.isSymbol('(') ? cursor.bracketed(() => cursor.name()) : [];
    cursor.expectKeywords('AS');
    cursor.expectSymbol('(');
    const query = parseQuery(cursor);
    cursor.expectSymbol(')');
    return { name, columns, query };
  });
}

/** A left-leaning tree as deep as the chain is long. */
const operandsMax = 100;

/** INTERSECT binds more tightly than UNION and EXCEPT. */
function parseUnion(cursor: Cursor, first?: QueryBody): QueryBody {
  return parseSet(cursor, ['UNION', 'EXCEPT'], parseIntersect, first);
}

function parseIntersect(cursor: Cursor, first?: QueryBody): QueryBody {
  return parseSet(cursor, ['INTERSECT'], parseTerm, first);
}

function parseSet(
  cursor: Cursor,
  operators: readonly ('UNION' | 'EXCEPT' | 'INTERSECT')[],
  operand: (cursor: Cursor, first?: QueryBody) => QueryBody,
  first?: QueryBody,
): QueryBody {
  let left = operand(cursor, first);
  for (let operands = 1; ; operands += 1) {
    const { at } = cursor;
    const operator = cursor.acceptOneOf(...operators);
    if (operator === undefined) return left;
    if (operands > operandsMax) {
      throw new SqlError(at, `more than ${operandsMax} queries in a row of set operations`);
    }
    const isAll = cursor.acceptOneOf('ALL', 'DISTINCT') === 'ALL';
    left = { kind: 'set', at, operator, isAll, left, right: operand(cursor) };
  }
}

function parseTerm(cursor: Cursor, first?: QueryBody): QueryBody {
  if (first) return first;
  const { at } = cursor;
  if (cursor.isKeyword('SELECT')) {
    cursor.countQuery();
    return parseSelect(cursor);
  }
  if (cursor.isKeyword('VALUES')) {
    cursor.countQuery();
    return parseValues(cursor);
  }
  if (!cursor.acceptSymbol('(')) throw cursor.mismatch("'(', 'SELECT', 'VALUES', 'WITH'");
  const query = parseQuery(cursor);
  cursor.expectSymbol(')');
  return { kind: 'nested', at, query };
}

function parseValues(cursor: Cursor): Values {
  const { at } = cursor;
  cursor.expectKeywords('VALUES');
  return { kind: 'values', at, rows: cursor.list(() => cursor.grammar.expression(cursor)) };
}
