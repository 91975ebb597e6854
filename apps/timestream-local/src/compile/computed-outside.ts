import { findFunction } from '../functions/registry.ts';
import type { Expression } from '../sql/ast/nodes.ts';
import { SqlError } from '../sql/sql-error.ts';
import type { Typed } from '../types/typed.ts';
import { childrenOf } from './children-of.ts';
import type { ExpressionContext } from './compile-context.ts';
import { Outside, quoted } from './outside.ts';

/** An expression, and its SQL with all that it names written out, which takes a while for a long one. */
interface Compiled {
  readonly value: Typed;
  readonly plainSql: () => string;
}

/**
 * Compiles an expression so that DuckDB need not compute anything unsupported within a lambda or
 * TRY.
 */
export function computedOutside(
  node: Expression,
  context: ExpressionContext,
  compile: (context: ExpressionContext) => Typed,
): Compiled {
  const { outside } = context;
  if (outside) return within(node, context, outside, compile);
  if (!mayNeedOutside(node, context)) {
    const value = compile(context);
    return { value, plainSql: () => value.sql };
  }
  const own = new Outside();
  const { value: inner } = within(node, { ...context, outside: own }, own, compile);
  const plain = restored(inner, own);
  const plainSql = () => plain.sql;
  const fields = own.fields(inner.sql);
  if (!own.isNeeded || fields.size === 0 || !/\blambda\b|\bTRY\(/.test(inner.sql)) {
    return { value: plain, plainSql };
  }
  const struct = [...fields].map(([name, sql]) => `${name} := ${sql}`).join(', ');
  const sql = `list_transform([struct_pack(${struct})], lambda outside: ${inner.sql})[1]`;
  return { value: { ...inner, sql, parts: undefined }, plainSql };
}

function within(
  node: Expression,
  context: ExpressionContext,
  outside: Outside,
  compile: (context: ExpressionContext) => Typed,
): Compiled {
  if (isTaken(node)) {
    const plain = compile({ ...context, outside: undefined });
    return { value: taken(plain, outside), plainSql: () => plain.sql };
  }
  const compiled = compile(context);
  const value = isTry(node) ? drawnOutside(node, compiled, context, outside) : compiled;
  const plainSql = () => outside.restore(value.sql);
  const { groupKeys } = context;
  const isKey = groupKeys !== undefined && groupKeys.size > 0 && groupKeys.has(plainSql());
  return { value: isKey ? taken(restored(value, outside), outside) : value, plainSql };
}

function taken(value: Typed, outside: Outside): Typed {
  return { ...value, sql: outside.take(value.sql), parts: undefined };
}

function restored(value: Typed, outside: Outside): Typed {
  const sql = outside.restore(value.sql);
  if (sql === value.sql) return value;
  return { ...value, sql, parts: value.parts?.map((part) => restored(part, outside)) };
}

/** DuckDB tries nothing that draws random numbers. */
function drawnOutside(
  { at }: Expression,
  value: Typed,
  { isInLambda }: ExpressionContext,
  outside: Outside,
): Typed {
  const pattern = new RegExp(String.raw`${quoted}|\brandom\(\)`, 'g');
  const sql = value.sql.replace(pattern, (found) => {
    if (found !== 'random()') return found;
    // Bound operands are drawn outside of that lambda.
    if (!isInLambda && !/\blambda (?!operands:)/.test(value.sql)) return outside.take(found);
    throw new SqlError(at, 'TRY over random numbers within a lambda is not supported');
  });
  return { ...value, sql };
}

/** Whether an expression may come to SQL with a lambda or TRY around what cannot be in there. */
function mayNeedOutside(node: Expression, { scope, isLateral }: ExpressionContext): boolean {
  const hasLambda =
    (node.kind === 'call' && !isTaken(node)) ||
    node.kind === 'cast' ||
    node.kind === 'case' ||
    node.kind === 'inList';
  if (!hasLambda) return false;
  return isTry(node) || scope.isWithinQuery || isLateral === true || containsQuery(node);
}

/** Whether it is a call of `try`, or a TRY_CAST. */
export function isTry(node: Expression): boolean {
  if (node.kind === 'cast') return node.isTry;
  return node.kind === 'call' && node.name.text.toLowerCase() === 'try';
}

/** Whether an expression is a subquery, or a call of an aggregate or over a window. */
function isTaken(node: Expression): boolean {
  if (node.kind !== 'call') return isQuery(node);
  const kind = findFunction(node.name.text.toLowerCase())?.kind;
  return node.over !== undefined || kind === 'aggregate' || kind === 'window';
}

function isQuery({ kind }: Expression): boolean {
  return kind === 'scalarQuery' || kind === 'exists' || kind === 'inQuery' || kind === 'quantified';
}

const containing = new WeakMap<Expression, boolean>();

/** Whether there is a subquery in an expression. */
export function containsQuery(node: Expression): boolean {
  const known = containing.get(node);
  if (known !== undefined) return known;
  const found = isQuery(node) || childrenOf(node).some(containsQuery);
  containing.set(node, found);
  return found;
}
