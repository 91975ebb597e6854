import type { Join, Relation } from '../ast/nodes.ts';
import { SqlError } from '../sql-error.ts';
import type { Cursor } from './cursor.ts';
import { isAlias } from './is-alias.ts';
import { continuesQuery } from './parse-primary.ts';

/** The relations after FROM. A comma is a cross join. */
export function parseRelations(cursor: Cursor): Relation {
  let left = parseJoins(cursor);
  for (let links = 0; cursor.isSymbol(','); links += 1) {
    const { at } = cursor;
    checkLinks(links, at);
    cursor.next();
    left = { kind: 'join', at, type: 'CROSS', left, right: parseJoins(cursor) };
  }
  return left;
}

/** A left-leaning tree as deep as the chain is long. */
const joinsMax = 100;

function checkLinks(links: number, at: Relation['at']): void {
  if (links >= joinsMax) throw new SqlError(at, `more than ${joinsMax} joins in a row`);
}

function parseJoins(cursor: Cursor): Relation {
  let left = cursor.nested(() => parseAliased(cursor));
  for (let links = 0; ; links += 1) {
    const { at } = cursor;
    const type = parseJoinType(cursor);
    if (type === undefined) return left;
    checkLinks(links, at);
    // With a condition still to come, further joins are of the right side: `a JOIN b JOIN c ON … ON …`.
    const right = type === 'CROSS' ? parseAliased(cursor) : cursor.nested(() => parseJoins(cursor));
    left = { kind: 'join', at, type, left, right, ...parseCriteria(cursor, type) };
  }
}

function parseJoinType(cursor: Cursor): Join['type'] | undefined {
  if (cursor.acceptKeywords('CROSS', 'JOIN')) return 'CROSS';
  if (cursor.acceptKeywords('JOIN') || cursor.acceptKeywords('INNER', 'JOIN')) return 'INNER';
  if (cursor.isKeyword('NATURAL')) {
    throw new SqlError(cursor.at, 'Natural join not supported');
  }
  const side = cursor.acceptOneOf('LEFT', 'RIGHT', 'FULL');
  if (side === undefined) return undefined;
  cursor.acceptKeywords('OUTER');
  cursor.expectKeywords('JOIN');
  return side;
}

function parseCriteria(cursor: Cursor, type: Join['type']): Pick<Join, 'on' | 'using'> {
  if (type === 'CROSS') return {};
  if (cursor.acceptKeywords('USING')) return { using: cursor.bracketed(() => cursor.name()) };
  cursor.expectKeywords('ON');
  return { on: cursor.grammar.expression(cursor) };
}

function parseAliased(cursor: Cursor): Relation {
  const { at } = cursor;
  const relation = parseRelation(cursor);
  const hasAs = cursor.acceptKeywords('AS');
  if (!hasAs && !isAlias(cursor)) return relation;
  const alias = cursor.name();
  const columns = cursor.isSymbol('(') ? cursor.bracketed(() => cursor.name()) : [];
  return { kind: 'aliased', at, relation, alias, columns };
}

function parseRelation(cursor: Cursor): Relation {
  const { at } = cursor;
  if (cursor.isKeyword('UNNEST') && cursor.isSymbol('(', 1)) {
    cursor.next();
    const expressions = cursor.bracketed(() => cursor.grammar.expression(cursor));
    const withOrdinality = cursor.acceptKeywords('WITH', 'ORDINALITY');
    return { kind: 'unnest', at, expressions, withOrdinality };
  }
  if (cursor.isKeyword('LATERAL') && cursor.isSymbol('(', 1)) {
    cursor.next();
    cursor.next();
    const query = cursor.grammar.query(cursor);
    cursor.expectSymbol(')');
    return { kind: 'subquery', at, query, isLateral: true };
  }
  if (cursor.acceptSymbol('(')) return parseInBrackets(cursor, at);
  const parts = [cursor.name()];
  while (cursor.acceptSymbol('.')) parts.push(cursor.name());
  return { kind: 'table', at, parts };
}

function parseInBrackets(cursor: Cursor, at: Relation['at']): Relation {
  if (['SELECT', 'WITH', 'VALUES'].some((keyword) => cursor.isKeyword(keyword))) {
    const query = cursor.grammar.query(cursor);
    cursor.expectSymbol(')');
    return { kind: 'subquery', at, query, isLateral: false };
  }
  const relation = parseRelations(cursor);
  // `((SELECT 1) UNION (SELECT 2))` shows only here that it is a query.
  if (relation.kind === 'subquery' && continuesQuery(cursor)) {
    const query = cursor.grammar.queryAfter(cursor, relation.query);
    cursor.expectSymbol(')');
    return { kind: 'subquery', at, query, isLateral: false };
  }
  cursor.expectSymbol(')');
  return relation;
}
