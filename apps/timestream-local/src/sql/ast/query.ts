import type { Position } from '../sql-error.ts';
import type { Expression, Name, WindowSpec } from './expression.ts';

export interface SortItem {
  readonly expression: Expression;
  readonly isDescending: boolean;
  readonly nulls?: 'FIRST' | 'LAST' | undefined;
}

export interface WithItem {
  readonly name: Name;
  readonly columns: readonly Name[];
  readonly query: Query;
}

/** A whole query, as a statement or in brackets. */
export interface Query {
  readonly kind: 'query';
  readonly at: Position;
  readonly with: readonly WithItem[];
  readonly body: QueryBody;
  readonly orderBy: readonly SortItem[];
  readonly offset?: string | undefined;
  /** Absent also for `LIMIT ALL`. */
  readonly limit?: string | undefined;
}

export type QueryBody = Select | SetOperation | Values | NestedQuery;

export interface NestedQuery {
  readonly kind: 'nested';
  readonly at: Position;
  readonly query: Query;
}

export interface SetOperation {
  readonly kind: 'set';
  readonly at: Position;
  readonly operator: 'UNION' | 'INTERSECT' | 'EXCEPT';
  readonly isAll: boolean;
  readonly left: QueryBody;
  readonly right: QueryBody;
}

export interface Values {
  readonly kind: 'values';
  readonly at: Position;
  readonly rows: readonly Expression[];
}

export type SelectItem =
  | {
      readonly kind: 'expression';
      readonly expression: Expression;
      readonly alias?: Name | undefined;
      readonly at: Position;
    }
  /** `*` or `t.*`. */
  | { readonly kind: 'star'; readonly qualifier?: Name | undefined; readonly at: Position };

export interface Select {
  readonly kind: 'select';
  readonly at: Position;
  readonly isDistinct: boolean;
  readonly items: readonly SelectItem[];
  readonly from?: Relation | undefined;
  readonly where?: Expression | undefined;
  readonly groupBy: readonly GroupingElement[];
  readonly having?: Expression | undefined;
  readonly windows: readonly { readonly name: Name; readonly spec: WindowSpec }[];
}

export type GroupingElement =
  | { readonly kind: 'simple'; readonly expressions: readonly Expression[] }
  | { readonly kind: 'rollup' | 'cube'; readonly expressions: readonly Expression[] }
  | { readonly kind: 'sets'; readonly sets: readonly (readonly Expression[])[] };

export interface TableRelation {
  readonly kind: 'table';
  readonly at: Position;
  /** `table` or `database.table`. */
  readonly parts: readonly Name[];
}
export interface QueryRelation {
  readonly kind: 'subquery';
  readonly at: Position;
  readonly query: Query;
  readonly isLateral: boolean;
}
export interface UnnestRelation {
  readonly kind: 'unnest';
  readonly at: Position;
  readonly expressions: readonly Expression[];
  readonly withOrdinality: boolean;
}
export interface AliasedRelation {
  readonly kind: 'aliased';
  readonly at: Position;
  readonly relation: Relation;
  readonly alias: Name;
  readonly columns: readonly Name[];
}
export interface Join {
  readonly kind: 'join';
  readonly at: Position;
  readonly type: 'CROSS' | 'INNER' | 'LEFT' | 'RIGHT' | 'FULL';
  readonly left: Relation;
  readonly right: Relation;
  readonly on?: Expression | undefined;
  readonly using?: readonly Name[] | undefined;
}

export type Relation = TableRelation | QueryRelation | UnnestRelation | AliasedRelation | Join;
