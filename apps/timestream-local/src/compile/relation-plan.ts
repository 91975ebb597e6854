import type { ScopeColumn } from './scope.ts';

/** A relation of a FROM clause: its columns, and its SQL once it is known which of them are used. */
export interface RelationPlan {
  readonly columns: readonly ScopeColumn[];
  /** To be called after every expression is compiled. */
  readonly sql: () => string;
}
