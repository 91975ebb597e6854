import type { UnnestRelation } from '../sql/ast/nodes.ts';
import { SqlError } from '../sql/sql-error.ts';
import { elementOf } from '../types/cast-sql.ts';
import { typeText, types, type SqlType } from '../types/sql-type.ts';
import { newFindings, type NamedQuery, type StatementContext } from './compile-context.ts';
import type { RelationPlan } from './relation-plan.ts';
import type { Scope, ScopeColumn } from './scope.ts';

interface UnnestContext {
  readonly statement: StatementContext;
  /** Columns of the relations to the left. */
  readonly scope: Scope;
  readonly named: readonly NamedQuery[];
}

/**
 * `UNNEST(a, b)`: one row an element, as many as the longest has. A timeseries gives the columns
 * `time` and `value`, an array of rows one column a field.
 */
export function unnestRelation(
  { expressions, withOrdinality }: UnnestRelation,
  { statement, scope, named }: UnnestContext,
): RelationPlan {
  const alias = statement.unique('t');
  const lists = expressions.map((expression) => {
    const context = {
      statement,
      scope,
      named,
      noAggregates: 'UNNEST',
      noWindows: 'UNNEST',
      isLateral: true,
      windows: new Map(),
      found: newFindings(),
    };
    const { sql, type } = statement.expression(expression, context);
    const element = elementOf(type);
    if (!element) throw new SqlError(expression.at, `Cannot unnest type: ${typeText(type)}`);
    return { sql, element, physical: statement.unique('u') };
  });
  const outputs = lists.flatMap(({ physical, element }) => elementColumns(physical, element));
  const ordinal = statement.unique('u');
  const columns: ScopeColumn[] = outputs.map(({ name, type, sql }) => ({
    name,
    type,
    reference: () => sql(alias),
  }));
  if (withOrdinality) {
    columns.push({
      name: 'ordinality',
      type: types.bigint,
      reference: () => `${alias}.${ordinal}`,
    });
  }
  const items = lists.map(({ sql, physical }) => `unnest(${sql}) AS ${physical}`);
  if (withOrdinality) {
    const lengths = lists.map(({ sql }) => `coalesce(len(${sql}), 0)`);
    items.push(`unnest(range(1, greatest(${lengths.join(', ')}) + 1)) AS ${ordinal}`);
  }
  return { columns, sql: () => `LATERAL (SELECT ${items.join(', ')}) AS ${alias}` };
}

interface ElementColumn {
  readonly name: string | undefined;
  readonly type: SqlType;
  readonly sql: (alias: string) => string;
}

function elementColumns(physical: string, element: SqlType): readonly ElementColumn[] {
  if (element.kind !== 'row') {
    return [{ name: undefined, type: element, sql: (alias) => `${alias}.${physical}` }];
  }
  return element.fields.map(({ name, type }, at) => ({
    name,
    type,
    sql: (alias) => `struct_extract(${alias}.${physical}, 'f${at}')`,
  }));
}
