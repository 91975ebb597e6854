import type { Expression, GroupingElement, Select, SelectItem } from '../ast/nodes.ts';
import { SqlError } from '../sql-error.ts';
import type { Cursor } from './cursor.ts';
import { isAlias } from './is-alias.ts';
import { parseWindowSpec } from './parse-call.ts';
import { parseRelations } from './parse-relation.ts';

/** SELECT with all that belongs to it, up to ORDER BY. */
export function parseSelect(cursor: Cursor): Select {
  const { at } = cursor;
  const { expression } = cursor.grammar;
  cursor.expectKeywords('SELECT');
  const isDistinct = cursor.acceptOneOf('DISTINCT', 'ALL') === 'DISTINCT';
  return {
    kind: 'select',
    at,
    isDistinct,
    items: cursor.list(() => parseItem(cursor)),
    from: cursor.acceptKeywords('FROM') ? parseRelations(cursor) : undefined,
    where: cursor.acceptKeywords('WHERE') ? expression(cursor) : undefined,
    groupBy: cursor.acceptKeywords('GROUP', 'BY') ? parseGroupBy(cursor) : [],
    having: cursor.acceptKeywords('HAVING') ? expression(cursor) : undefined,
    windows: cursor.acceptKeywords('WINDOW') ? cursor.list(() => parseWindow(cursor)) : [],
  };
}

function parseItem(cursor: Cursor): SelectItem {
  const { at } = cursor;
  if (cursor.acceptSymbol('*')) return { kind: 'star', at };
  if (cursor.isName() && cursor.isSymbol('.', 1) && cursor.isSymbol('*', 2)) {
    const qualifier = cursor.name();
    cursor.next();
    cursor.next();
    return { kind: 'star', qualifier, at };
  }
  const expression = cursor.grammar.expression(cursor);
  const hasAlias = cursor.acceptKeywords('AS') || isAlias(cursor);
  return { kind: 'expression', expression, alias: hasAlias ? cursor.name() : undefined, at };
}

function parseWindow(cursor: Cursor): Select['windows'][number] {
  const name = cursor.name();
  cursor.expectKeywords('AS');
  return { name, spec: parseWindowSpec(cursor) };
}

/** Without sets, DISTINCT changes nothing: there is one set of keys only. */
function parseGroupBy(cursor: Cursor): readonly GroupingElement[] {
  const { at } = cursor;
  const isDistinct = cursor.acceptOneOf('ALL', 'DISTINCT') === 'DISTINCT';
  const elements = cursor.list(() => parseGrouping(cursor));
  if (isDistinct && elements.some(({ kind }) => kind !== 'simple')) {
    throw new SqlError(at, 'GROUP BY DISTINCT of grouping sets is not supported here');
  }
  return elements;
}

function parseGrouping(cursor: Cursor): GroupingElement {
  if (cursor.acceptKeywords('ROLLUP')) return { kind: 'rollup', expressions: parseSet(cursor) };
  if (cursor.acceptKeywords('CUBE')) return { kind: 'cube', expressions: parseSet(cursor) };
  if (cursor.acceptKeywords('GROUPING', 'SETS')) {
    return { kind: 'sets', sets: cursor.bracketed(() => parseSet(cursor)) };
  }
  if (cursor.isSymbol('(') && cursor.isSymbol(')', 1)) {
    return { kind: 'simple', expressions: parseSet(cursor) };
  }
  const expression = cursor.grammar.expression(cursor);
  // `GROUP BY (a, b)` is two keys, not one row.
  return {
    kind: 'simple',
    expressions: expression.kind === 'row' ? expression.items : [expression],
  };
}

/** `(a, b)`, `()`, or one expression without brackets. */
function parseSet(cursor: Cursor): readonly Expression[] {
  const { expression } = cursor.grammar;
  if (!cursor.acceptSymbol('(')) return [expression(cursor)];
  const expressions = cursor.isSymbol(')') ? [] : cursor.list(() => expression(cursor));
  cursor.expectSymbol(')');
  return expressions;
}
