import type { Lambda } from '../sql/ast/nodes.ts';
import type { SqlType } from '../types/sql-type.ts';
import { lambdaResultInRoom } from '../types/room.ts';
import { coerce, type Typed } from '../types/typed.ts';
import type { ExpressionContext } from './compile-context.ts';
import { newFindings } from './compile-context.ts';
import { Scope } from './scope.ts';

/** A lambda whose arguments have types. */
export interface CompiledLambda {
  /** Types of its arguments. */
  readonly parameters: readonly SqlType[];
  /** Names of its arguments in DuckDB's SQL. */
  readonly names: readonly string[];
  readonly body: Typed;
}

/**
 * Compiles a lambda for arguments of given types.
 *
 * Its arguments get generated names, because DuckDB's names ignore case, and would hide columns.
 */
export function compileLambda(
  lambda: Lambda,
  parameters: readonly SqlType[],
  context: ExpressionContext,
): CompiledLambda {
  const { statement } = context;
  const columns = lambda.parameters.map(({ text }, at) => {
    const physical = statement.unique('p');
    return { name: text, type: parameters[at] ?? { kind: 'unknown' as const }, physical };
  });
  const scope = new Scope(
    columns.map(({ name, type, physical }) => ({ name, type, reference: () => physical })),
    context.scope,
    'lambda',
  );
  const place = 'Lambda expression';
  const { columns: named, compiled } = context.found;
  const found = { ...newFindings(), columns: named, compiled };
  const body = statement.expression(lambda.body, {
    ...context,
    scope,
    found,
    operands: undefined,
    isInLambda: true,
    noAggregates: place,
    noWindows: place,
  });
  return { parameters, names: columns.map(({ physical }) => physical), body };
}

/** The lambda as DuckDB SQL, with a result of a wider type. */
export function lambdaSql({ names, body }: CompiledLambda, returns: SqlType): string {
  return `lambda ${names.join(', ')}: ${lambdaResultInRoom(coerce(body, returns))}`;
}
