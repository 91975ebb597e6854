import type { BinaryOperator, ComparisonOperator, Expression } from '../ast/nodes.ts';
import { SqlError } from '../sql-error.ts';
import type { Cursor } from './cursor.ts';
import { measureColumn, parsePrimary } from './parse-primary.ts';

/** An expression, from its loosest binding operator down: OR, AND, NOT, predicates, values. */
export function parseExpression(cursor: Cursor): Expression {
  return cursor.nested(() => parseLogical(cursor, 'OR'));
}

function parseLogical(cursor: Cursor, operator: 'OR' | 'AND'): Expression {
  const { at } = cursor;
  const term = () => (operator === 'OR' ? parseLogical(cursor, 'AND') : parseNot(cursor));
  const first = term();
  if (!cursor.isKeyword(operator)) return first;
  const terms = [first];
  while (cursor.acceptKeywords(operator)) terms.push(term());
  return { kind: 'logical', at, operator, terms };
}

function parseNot(cursor: Cursor): Expression {
  const { at } = cursor;
  if (!cursor.acceptKeywords('NOT')) return parsePredicate(cursor);
  return { kind: 'not', at, operand: cursor.nested(() => parseNot(cursor)) };
}

const comparisons: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);

/** As in Trino, a predicate is not followed by another: `a = b = c` is an error. */
function parsePredicate(cursor: Cursor): Expression {
  const left = parseValue(cursor);
  const { at, kind, text } = cursor.token;
  if (kind === 'symbol' && comparisons.has(text)) {
    cursor.next();
    return parseComparison(cursor, { at, left, operator: text as ComparisonOperator });
  }
  if (cursor.acceptKeywords('IS')) return parseIs(cursor, left, at);
  const isNot = cursor.acceptKeywords('NOT');
  if (cursor.acceptKeywords('BETWEEN')) {
    const low = parseValue(cursor);
    cursor.expectKeywords('AND');
    return { kind: 'between', at, isNot, value: left, low, high: parseValue(cursor) };
  }
  if (cursor.acceptKeywords('IN')) return parseIn(cursor, left, at, isNot);
  if (cursor.acceptKeywords('LIKE')) {
    const pattern = parseValue(cursor);
    const escape = cursor.acceptKeywords('ESCAPE') ? parseValue(cursor) : undefined;
    return { kind: 'like', at, isNot, value: left, pattern, escape };
  }
  if (isNot) throw cursor.mismatch("'BETWEEN', 'IN', 'LIKE'");
  return left;
}

function parseComparison(
  cursor: Cursor,
  start: { at: Expression['at']; left: Expression; operator: ComparisonOperator },
): Expression {
  const quantifier = cursor.acceptOneOf('ALL', 'ANY', 'SOME');
  if (quantifier === undefined) {
    return { kind: 'comparison', ...start, right: parseValue(cursor) };
  }
  cursor.expectSymbol('(');
  const query = cursor.grammar.query(cursor);
  cursor.expectSymbol(')');
  return {
    kind: 'quantified',
    ...start,
    quantifier: quantifier === 'ALL' ? 'ALL' : 'ANY',
    query,
  };
}

function parseIs(cursor: Cursor, left: Expression, at: Expression['at']): Expression {
  const isNot = cursor.acceptKeywords('NOT');
  if (cursor.acceptKeywords('NULL')) return { kind: 'isNull', at, isNot, value: left };
  cursor.expectKeywords('DISTINCT', 'FROM');
  return { kind: 'isDistinct', at, isNot, left, right: parseValue(cursor) };
}

function parseIn(
  cursor: Cursor,
  value: Expression,
  at: Expression['at'],
  isNot: boolean,
): Expression {
  cursor.expectSymbol('(');
  if (isQueryStart(cursor)) {
    const query = cursor.grammar.query(cursor);
    cursor.expectSymbol(')');
    return { kind: 'inQuery', at, isNot, value, query };
  }
  const items = cursor.list(() => parseExpression(cursor));
  cursor.expectSymbol(')');
  return { kind: 'inList', at, isNot, value, items };
}

/** Whether a query comes next, not counting one in further brackets. */
export function isQueryStart(cursor: Cursor): boolean {
  return ['SELECT', 'WITH', 'VALUES'].some((keyword) => cursor.isKeyword(keyword));
}

/** How tightly operators bind: `||` least, then addition, then multiplication. */
const strengths: Readonly<Record<BinaryOperator, number>> = {
  '||': 1,
  '+': 2,
  '-': 2,
  '*': 3,
  '/': 3,
  '%': 3,
};

/** A left-leaning tree as deep as the chain is long; everything that walks it recurses. */
const chainMax = 500;

/** Operators between values, without predicates. */
export function parseValue(cursor: Cursor, strengthMin = 1): Expression {
  let left = parseSigned(cursor);
  for (let links = 0; ; links += 1) {
    const { kind, text, at } = cursor.token;
    const strength = kind === 'symbol' ? strengths[text as BinaryOperator] : undefined;
    if (strength === undefined || strength < strengthMin) return left;
    if (links > chainMax) throw new SqlError(at, `more than ${chainMax} operators in a row`);
    cursor.next();
    const right = parseValue(cursor, strength + 1);
    left = { kind: 'binary', at, operator: text as BinaryOperator, left, right };
  }
}

function parseSigned(cursor: Cursor): Expression {
  const { at } = cursor;
  const operator = cursor.isSymbol('-') ? '-' : cursor.isSymbol('+') ? '+' : undefined;
  if (operator === undefined) return parsePostfix(cursor);
  cursor.next();
  return { kind: 'negate', at, operator, operand: cursor.nested(() => parseSigned(cursor)) };
}

/** `x.field` and `x[1]`, repeated. */
function parsePostfix(cursor: Cursor): Expression {
  let base = parsePrimary(cursor);
  for (let links = 0; ; links += 1) {
    const { at } = cursor;
    if (links > chainMax) throw new SqlError(at, `more than ${chainMax} operators in a row`);
    if (cursor.acceptSymbol('.')) {
      base = { kind: 'field', at, base, name: measureColumn(cursor, cursor.name()) };
    } else if (cursor.acceptSymbol('[')) {
      const index = parseExpression(cursor);
      cursor.expectSymbol(']');
      base = { kind: 'subscript', at, base, index };
    } else return base;
  }
}
