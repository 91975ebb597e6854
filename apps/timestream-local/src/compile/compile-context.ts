import type { Expression, Name, Parameter, Query, WindowSpec } from '../sql/ast/nodes.ts';
import type { Catalog } from '../store/catalog.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Typed } from '../types/typed.ts';
import type { Operands } from './operands.ts';
import type { Outside } from './outside.ts';
import type { Scope, ScopeColumn } from './scope.ts';

/** A column of a query's result. */
export interface OutputColumn {
  /** Undefined for an expression without an alias. */
  readonly name: string | undefined;
  readonly type: SqlType;
  /** Of a text: no more bytes than this, if it is known. */
  readonly bytesMax?: number | undefined;
  /** Its name in the DuckDB SQL: unique in the whole statement. */
  readonly physical: string;
  /** The stored column that this is, if it is one. */
  readonly origin?: ColumnOrigin | undefined;
}

export interface ColumnOrigin {
  readonly database: string;
  readonly table: string;
  /** Whether it is given out under another name. */
  readonly isAliased: boolean;
}

export interface CompiledQuery {
  readonly sql: string;
  readonly columns: readonly OutputColumn[];
}

/** A query of a WITH clause: it is a DuckDB relation of that name. */
export interface NamedQuery {
  readonly name: Name;
  readonly physical: string;
  readonly columns: readonly OutputColumn[];
}

/** The parts of the context that are the same for a whole statement. */
export interface StatementContext {
  readonly catalog: Catalog;
  readonly nowNs: bigint;
  /** A name that does not occur elsewhere in the statement. */
  readonly unique: (prefix: string) => string;
  /** Compiles a query; here, because expressions contain queries and queries expressions. */
  readonly query: (query: Query, statement: StatementContext, around: QueryAround) => CompiledQuery;
  readonly expression: (expression: Expression, context: ExpressionContext) => Typed;
  /** The values of `@name`. */
  readonly parameter: (parameter: Parameter) => Typed;
}

/** What a query sees of its outer queries. */
export interface QueryAround {
  readonly scope: Scope | undefined;
  readonly named: readonly NamedQuery[];
}

/** What an expression may contain, and what its compilation finds out. */
export interface ExpressionContext {
  readonly statement: StatementContext;
  readonly scope: Scope;
  readonly named: readonly NamedQuery[];
  /** Where the expression is, e.g. `WHERE clause`, if aggregates cannot be there. */
  readonly noAggregates?: string | undefined;
  /** The same for window functions. */
  readonly noWindows?: string | undefined;
  /** Whether it is computed for each item of a list. */
  readonly isInLambda?: boolean | undefined;
  /** Whether the columns that it sees are of relations to the left, as in UNNEST. */
  readonly isLateral?: boolean | undefined;
  /** Values that the outer expression computes before its lambdas. */
  readonly outside?: Outside | undefined;
  /** SQL of the keys of GROUP BY, once they are known. */
  readonly groupKeys?: ReadonlySet<string> | undefined;
  readonly windows: ReadonlyMap<string, WindowSpec>;
  readonly found: Findings;
  /** The keys of the outer expression, if this one is among them. */
  readonly operands?: Operands | undefined;
}

/** Facts about its expressions that the select clause needs afterwards. */
export interface Findings {
  /** Every expression's SQL, to compare it with the grouping keys. */
  readonly compiled: Map<Expression, () => string>;
  /** Columns of this very query, by the expression that names them. */
  readonly columns: Map<Expression, ScopeColumn>;
  /** Calls of aggregates of this query. */
  readonly aggregates: Set<Expression>;
}

/** Nothing found yet: the initial state for compiling one query level. */
export function newFindings(): Findings {
  return { compiled: new Map(), columns: new Map(), aggregates: new Set() };
}
