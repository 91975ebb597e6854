import type { AliasedRelation, Join, Relation, UnnestRelation } from '../sql/ast/nodes.ts';
import { SqlError } from '../sql/sql-error.ts';
import type { NamedQuery, OutputColumn, QueryAround, StatementContext } from './compile-context.ts';
import { joinRelation } from './join-relation.ts';
import type { RelationPlan } from './relation-plan.ts';
import { isNamed, Scope } from './scope.ts';
import { tableRelation } from './table-relation.ts';
import { unnestRelation } from './unnest-relation.ts';

/** The names that a relation may refer to. */
export interface RelationContext {
  readonly statement: StatementContext;
  readonly around: QueryAround;
  /** The relations before it in the same FROM: only UNNEST and LATERAL see them. */
  readonly left?: RelationPlan | undefined;
}

/** A relation of a FROM clause, of any kind. */
export function compileRelation(relation: Relation, context: RelationContext): RelationPlan {
  const { statement, around } = context;
  switch (relation.kind) {
    case 'table': {
      const [name] = relation.parts;
      const named =
        name && relation.parts.length === 1
          ? around.named.findLast((query) => isNamed(query.name.text, name))
          : undefined;
      return named
        ? namedRelation(named, statement)
        : tableRelation(relation.parts, relation.at, statement);
    }
    case 'subquery': {
      const scope = relation.isLateral ? lateralScope(context) : around.scope;
      const query = statement.query(relation.query, statement, { scope, named: around.named });
      const alias = statement.unique('t');
      const lateral = relation.isLateral ? 'LATERAL ' : '';
      return {
        columns: outputs(query.columns, alias),
        sql: () => `${lateral}(${query.sql}) AS ${alias}`,
      };
    }
    case 'unnest':
      return compileUnnest(relation, context);
    case 'aliased':
      return rename(relation, compileRelation(relation.relation, context));
    case 'join':
      return compileJoin(relation, context);
  }
}

function compileJoin(join: Join, context: RelationContext): RelationPlan {
  const left = compileRelation(join.left, context);
  const right = compileRelation(join.right, { ...context, left });
  return joinRelation(join, [left, right], context);
}

function compileUnnest(relation: UnnestRelation, context: RelationContext): RelationPlan {
  const { statement, around } = context;
  return unnestRelation(relation, { statement, scope: lateralScope(context), named: around.named });
}

/** Columns of the relations to the left, though no FROM of the same query holds them. */
function lateralScope({ left, around }: RelationContext): Scope {
  return new Scope(left?.columns ?? [], around.scope);
}

function namedRelation(named: NamedQuery, statement: StatementContext): RelationPlan {
  const alias = statement.unique('t');
  const columns = outputs(named.columns, alias);
  return {
    columns: columns.map((column) => ({ ...column, qualifier: named.name.text })),
    sql: () => `${named.physical} AS ${alias}`,
  };
}

function outputs(columns: readonly OutputColumn[], alias: string): RelationPlan['columns'] {
  return columns.map(({ name, type, bytesMax, physical }) => ({
    name,
    type,
    bytesMax,
    reference: () => `${alias}.${physical}`,
  }));
}

/** `AS t (a, b)`. */
function rename({ alias, columns, at }: AliasedRelation, plan: RelationPlan): RelationPlan {
  if (columns.length > 0 && columns.length !== plan.columns.length) {
    throw new SqlError(
      at,
      `Column alias list has ${columns.length} entries but '${alias.text}' has ${plan.columns.length} columns available`,
    );
  }
  return {
    ...plan,
    columns: plan.columns.map((column, index) => ({
      ...column,
      name: columns[index]?.text ?? column.name,
      qualifier: alias.text,
      database: undefined,
    })),
  };
}
