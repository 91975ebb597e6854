import type { Join } from '../sql/ast/nodes.ts';
import { SqlError } from '../sql/sql-error.ts';
import { newFindings, type QueryAround, type StatementContext } from './compile-context.ts';
import { Outside } from './outside.ts';
import { containsQuery } from './computed-outside.ts';
import { condition } from './predicates.ts';
import type { RelationPlan } from './relation-plan.ts';
import { Scope, type ScopeColumn } from './scope.ts';

export interface JoinContext {
  readonly statement: StatementContext;
  readonly around: QueryAround;
}

export type Sides = readonly [left: RelationPlan, right: RelationPlan];

/**
 * A condition as DuckDB SQL, and the sides with their columns and the additional values that it
 * names.
 */
export interface JoinCondition {
  readonly on: string;
  readonly sides: Sides;
}

/**
 * The condition after ON. DuckDB joins from outside (LEFT, RIGHT, FULL) on hardly any subquery; each
 * becomes a column of the side whose columns it names.
 *
 * @throws {SqlError} when a subquery names columns of both sides
 */
export function joinCondition(
  { type, on }: Join & { readonly on: NonNullable<Join['on']> },
  [left, right]: Sides,
  { statement, around }: JoinContext,
): JoinCondition {
  const isLifted = type !== 'INNER' && containsQuery(on);
  const names = [statement.unique('t'), statement.unique('t')] as const;
  const outside = isLifted ? new Outside(names[0]) : undefined;
  const [ofLeft, ofRight] = [watched(left), watched(right)];
  const context = {
    statement,
    scope: new Scope([...ofLeft.columns, ...ofRight.columns], around.scope),
    named: around.named,
    noAggregates: 'JOIN clause',
    noWindows: 'JOIN clause',
    windows: new Map(),
    found: newFindings(),
    outside,
  };
  const sql = condition(on, context, 'JOIN ON clause');
  if (!outside) return { on: sql, sides: [left, right] };
  const moved: [left: string[], right: string[]] = [[], []];
  const lifted = outside.replace(sql, (at, value) => {
    const side = ofRight.isNamedIn(value) ? 1 : 0;
    if (side === 1 && ofLeft.isNamedIn(value)) {
      const problem = `Subquery in the condition of a ${type} join cannot refer to columns of both sides`;
      throw new SqlError(on.at, problem);
    }
    // DuckDB supports this one case directly, and UNNEST could not be combined with more.
    if (side === 1 && type === 'LEFT') return value;
    const item = `${value} AS c${at}`;
    if (!moved[side].includes(item)) moved[side].push(item);
    return `${names[side]}.c${at}`;
  });
  return {
    on: lifted,
    sides: [beside(left, moved[0], names[0]), beside(right, moved[1], names[1], true)],
  };
}

/** The columns of a side, and a test whether SQL names a used one. */
function watched({ columns }: RelationPlan) {
  const used = new Set<string>();
  return {
    columns: columns.map((column): ScopeColumn => ({
      ...column,
      reference: () => {
        const sql = column.reference();
        used.add(sql);
        return sql;
      },
    })),
    isNamedIn: (sql: string) => [...used].some((reference) => sql.includes(reference)),
  };
}

function beside(
  plan: RelationPlan,
  items: readonly string[],
  name: string,
  isBracketed = false,
): RelationPlan {
  if (items.length === 0) return plan;
  const sql = () => `${plan.sql()} CROSS JOIN LATERAL (SELECT ${items.join(', ')}) AS ${name}`;
  return { ...plan, sql: isBracketed ? () => `(${sql()})` : sql };
}
