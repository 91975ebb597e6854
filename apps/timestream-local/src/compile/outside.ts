import { findFunction } from '../functions/registry.ts';
import type { Expression } from '../sql/ast/expression.ts';
import { SqlError } from '../sql/sql-error.ts';
import type { Typed } from '../types/typed.ts';
import { childrenOf } from './children-of.ts';
import type { ExpressionContext } from './compile-context.ts';

const quoted = `'(?:[^']|'')*'|"(?:[^"]|"")*"`;

/**
 * Values that DuckDB computes nowhere within a lambda or within TRY: results of subqueries, of
 * aggregates and of window functions, columns of the queries around, keys of GROUP BY. The SQL names
 * them as fields of one struct, which is made outside of both.
 */
export class Outside {
  readonly #name: string;
  readonly #values: string[] = [];
  #isNeeded = false;

  /** @param name of the struct in the SQL */
  constructor(name = 'outside') {
    this.#name = name;
  }

  /** Whether it holds more than columns that lambdas may name as they are. */
  get isNeeded(): boolean {
    return this.#isNeeded;
  }

  /**
   * SQL that stands for the value, wherever it is put.
   *
   * @param isOwn whether it is a column of the same query: DuckDB finds those in a lambda, but not
   *   beside columns of the queries around
   */
  take(sql: string, isOwn = false): string {
    this.#isNeeded ||= !isOwn;
    const same = sql.includes('random()') ? -1 : this.#values.indexOf(sql);
    const at = same === -1 ? this.#values.push(sql) - 1 : same;
    return `${this.#name}.c${at}`;
  }

  /** The SQL as if nothing had been taken. */
  restore(sql: string): string {
    return this.#values.length === 0 ? sql : this.replace(sql, (_, value) => value);
  }

  /** Fields of the struct that the SQL names. */
  fields(sql: string): ReadonlyMap<string, string> {
    const fields = new Map<string, string>();
    this.replace(sql, (at, value) => {
      fields.set(`c${at}`, value);
      return value;
    });
    return fields;
  }

  /** @param by makes the SQL in the place of a value that the given SQL names, from its number and its own */
  replace(sql: string, by: (at: number, value: string) => string): string {
    const pattern = new RegExp(String.raw`${quoted}|\b${this.#name}\.c(\d+)\b`, 'g');
    return sql.replace(pattern, (found, at?: string) =>
      at === undefined ? found : by(Number(at), this.#values[Number(at)] ?? ''),
    );
  }
}

/** An expression, and its SQL with all that it names written out, which takes a while for a long one. */
interface Compiled {
  readonly value: Typed;
  readonly plainSql: () => string;
}

/** Compiles an expression so that DuckDB need not compute within a lambda or TRY what it cannot. */
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
    // Operands that are bound are drawn outside of that lambda.
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
