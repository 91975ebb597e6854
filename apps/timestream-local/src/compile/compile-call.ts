import { fit, resolvePattern, type Bindings } from '../functions/bindings.ts';
import type { CallFacts, FunctionDefinition, Overload } from '../functions/function-definition.ts';
import { FunctionError } from '../functions/function-error.ts';
import { isMissing } from '../functions/missing-functions.ts';
import { findFunction } from '../functions/registry.ts';
import { resultBytesMax } from '../functions/result-bytes.ts';
import { signatureText, type TypePattern } from '../functions/type-pattern.ts';
import type { Call, Expression, Lambda } from '../sql/ast/nodes.ts';
import { SqlError } from '../sql/sql-error.ts';
import { isSameType, typeText, types, type SqlType } from '../types/sql-type.ts';
import { coerce, type Typed } from '../types/typed.ts';
import type { ExpressionContext } from './compile-context.ts';
import { isConstant } from './is-constant.ts';
import { compileLambda, lambdaSql, type CompiledLambda } from './compile-lambda.ts';
import { decorateAggregate } from './decorate-aggregate.ts';
import { isLongTime, readText } from './unify.ts';

/** An argument; a lambda is compiled only once the types of its own arguments are known. */
type Argument =
  | { readonly node: Expression; readonly value: Typed }
  | { readonly node: Lambda; readonly value?: undefined };

/** A call of a function, an aggregate, or either over a window. */
export function compileCall(call: Call, context: ExpressionContext): Typed {
  const name = call.name.text.toLowerCase();
  const definition = findFunction(name);
  if (!definition) {
    const why = isMissing(name) ? ': this server does not know it' : '';
    throw new SqlError(call.at, `Function '${name}' not registered${why}`);
  }
  checkPlace(call, definition, context);
  const isAggregate = definition.kind === 'aggregate' && !call.over;
  if (isAggregate) context.found.aggregates.add(call);
  const inner = isAggregate ? insideAggregate(name, context) : context;
  const args = call.arguments.map((node): Argument =>
    node.kind === 'lambda' ? { node } : { node, value: context.statement.expression(node, inner) },
  );
  const { overload, bindings, sql } = choose(call, definition, args, inner);
  const returns = resolvePattern(overload.signature.returns, bindings);
  const facts = {
    types: sql.map(({ type }) => type),
    returns,
    texts: call.arguments.map((node) => (node.kind === 'string' ? node.value : undefined)),
    values: sql,
    areConstant: call.arguments.map((node) => isConstant(node)),
    isInLambda: context.isInLambda ?? false,
    isOrdered: call.orderBy.length > 0,
    nowNs: context.statement.nowNs,
    aggregate: (duck: string, values: readonly string[], isDistinct = call.isDistinct) =>
      decorateAggregate({ ...call, isDistinct }, duck, values, { context, inner }),
  };
  const bytesMax = definition.kind === 'scalar' ? resultBytesMax(name, facts) : undefined;
  return { sql: render(call, overload, sql, facts), type: returns, bytesMax };
}

/** @param items names of the arguments of surrounding lambdas */
function render(
  { at }: Call,
  overload: Overload,
  args: readonly Typed[],
  facts: CallFacts,
): string {
  try {
    return overload.render(
      args.map(({ sql }) => sql),
      facts,
    );
  } catch (error) {
    if (error instanceof FunctionError) throw new SqlError(at, error.message);
    throw error;
  }
}

function insideAggregate(name: string, context: ExpressionContext): ExpressionContext {
  const place = `aggregation '${name}'`;
  return { ...context, noAggregates: place, noWindows: place };
}

/**
 * DISTINCT, FILTER, and similar clauses belong to aggregates, and aggregates are not allowed
 * everywhere.
 */
function checkPlace(call: Call, { kind, name }: FunctionDefinition, context: ExpressionContext) {
  const { at, over, isDistinct, filter, orderBy } = call;
  if (kind === 'window' && !over) {
    throw new SqlError(at, `Window function ${name} requires OVER clause`);
  }
  if (kind === 'scalar' && over) {
    throw new SqlError(at, `OVER clause is only for aggregates and window functions: ${name}`);
  }
  if (kind !== 'aggregate' && (isDistinct || filter || orderBy.length > 0)) {
    throw new SqlError(
      at,
      `DISTINCT, FILTER and ORDER BY are only for aggregation functions: ${name}`,
    );
  }
  const noWhere = over ? context.noWindows : context.noAggregates;
  if (kind !== 'scalar' && noWhere !== undefined) {
    const what = 'aggregations, window functions or grouping operations';
    throw new SqlError(at, `${noWhere} cannot contain ${what}: ${name}`);
  }
}

interface Choice {
  readonly overload: Overload;
  readonly bindings: Bindings;
  /** The arguments, converted to what the overload takes. */
  readonly sql: readonly Typed[];
}

function choose(
  call: Call,
  definition: FunctionDefinition,
  args: readonly Argument[],
  context: ExpressionContext,
): Choice {
  let best: { overload: Overload; bindings: Bindings; cost: number } | undefined;
  for (const overload of definition.overloads) {
    const bindings: Bindings = new Map();
    const cost = fitAll(overload, call, args, bindings);
    if (cost !== undefined && (!best || cost < best.cost)) best = { overload, bindings, cost };
  }
  if (!best) throw noOverload(call, definition, args);
  const { overload, bindings } = best;
  const patterns = patternsFor(overload, args.length);
  const lambdas = compileLambdas(patterns, args, bindings, context);
  const sql = args.map((arg, at) => {
    const pattern = patterns[at];
    if (!pattern) throw noOverload(call, definition, args);
    if (pattern.kind !== 'lambda') return argumentSql(arg, pattern, bindings);
    return lambdaArgument({ arg, pattern, compiled: lambdas.get(at) }, bindings, context);
  });
  return { overload, bindings, sql };
}

/** `count(*)` fits no parameters; a lambda fits by the number of its arguments. */
function fitAll(
  overload: Overload,
  call: Call,
  args: readonly Argument[],
  bindings: Bindings,
): number | undefined {
  const { parameters, isVariadic } = overload.signature;
  const least = isVariadic ? parameters.length - 1 : parameters.length;
  if (args.length < least || (!isVariadic && args.length > least)) return undefined;
  if (call.isStar && definitionTakesNothing(overload) === false) return undefined;
  let cost = 0;
  for (const [at, pattern] of patternsFor(overload, args.length).entries()) {
    const arg = args[at];
    if (!arg) return undefined;
    if (!arg.value) {
      const fits =
        pattern.kind === 'lambda' && pattern.parameters.length === arg.node.parameters.length;
      if (!fits) return undefined;
      continue;
    }
    const distance = fit(pattern, arg.value.type, bindings, mayBeTime(arg.node, pattern));
    if (distance === undefined) return undefined;
    cost += distance;
  }
  return cost;
}

/**
 * Whether it is a quoted text that may represent a point in time. With a time of day, it is not a
 * date.
 */
function mayBeTime(node: Expression, pattern: TypePattern): boolean {
  if (node.kind !== 'string') return false;
  return !(pattern.kind === 'type' && pattern.type.kind === 'date') || !isLongTime(node.value);
}

function definitionTakesNothing({ signature }: Overload): boolean {
  return signature.parameters.length === 0;
}

/** One pattern per argument. The last one of a variadic function is repeated. */
function patternsFor({ signature }: Overload, count: number): readonly TypePattern[] {
  const { parameters, isVariadic } = signature;
  const last = parameters.at(-1);
  if (!isVariadic || !last) return parameters;
  const fixed = parameters.slice(0, -1);
  return [...fixed, ...Array.from({ length: Math.max(0, count - fixed.length) }, () => last)];
}

/**
 * Determines the remaining variables from the lambdas' results. A variable that the arguments made
 * too narrow, such as the state of `reduce(…, 0, (s, x) -> s + 0.5, …)`, is widened.
 *
 * @returns the lambdas by the positions of their arguments
 */
function compileLambdas(
  patterns: readonly TypePattern[],
  args: readonly Argument[],
  bindings: Bindings,
  context: ExpressionContext,
): ReadonlyMap<number, CompiledLambda> {
  const lambdas = new Map<number, CompiledLambda>();
  for (const [at, pattern] of patterns.entries()) {
    const arg = args[at];
    if (pattern.kind !== 'lambda' || !arg || arg.value) continue;
    const parameters = pattern.parameters.map((parameter) => resolvePattern(parameter, bindings));
    const lambda = compileLambda(arg.node, parameters, context);
    lambdas.set(at, lambda);
    const { type } = lambda.body;
    if (fit(pattern.returns, type, bindings) !== undefined) continue;
    const expected = resolvePattern(pattern.returns, bindings);
    const message = `Expected a lambda that returns ${typeText(expected)}, but it returns ${typeText(type)}`;
    throw new SqlError(arg.node.body.at, message);
  }
  return lambdas;
}

interface LambdaArgument {
  readonly arg: Argument;
  readonly pattern: Extract<TypePattern, { kind: 'lambda' }>;
  readonly compiled: CompiledLambda | undefined;
}

/**
 * It is recompiled only if a variable was widened, because compiling twice at every level would
 * take forever.
 */
function lambdaArgument(
  { arg, pattern, compiled }: LambdaArgument,
  bindings: Bindings,
  context: ExpressionContext,
): Typed {
  if (arg.value) throw new SqlError(arg.node.at, 'Expected a lambda');
  const parameters = pattern.parameters.map((parameter) => resolvePattern(parameter, bindings));
  const isSame = compiled?.parameters.every((type, at) => isSameType(type, parameters[at] ?? type));
  const lambda = compiled && isSame ? compiled : compileLambda(arg.node, parameters, context);
  const returns = resolvePattern(pattern.returns, bindings);
  return { sql: lambdaSql(lambda, returns), type: types.unknown };
}

function argumentSql(arg: Argument, pattern: TypePattern, bindings: Bindings): Typed {
  if (!arg.value) throw new SqlError(arg.node.at, 'Unexpected lambda');
  const target = resolvePattern(pattern, bindings);
  return coerce(asTime({ node: arg.node, ...arg.value }, target), target);
}

function asTime(value: Typed & { readonly node: Expression }, target: SqlType): Typed {
  return target.kind === 'timestamp' || target.kind === 'date'
    ? readText(value, target.kind)
    : value;
}

function noOverload(
  call: Call,
  { name, overloads }: FunctionDefinition,
  args: readonly Argument[],
) {
  const given = args.map(({ value }) => (value ? typeText(value.type) : 'function')).join(', ');
  const expected = overloads.map(({ signature }) => signatureText(signature)).join(', ');
  const shown = call.isStar ? '*' : given;
  return new SqlError(
    call.at,
    `Unexpected parameters (${shown}) for function ${name}. Expected: ${expected}`,
  );
}
