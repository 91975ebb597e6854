import type { Name } from '../sql/ast/nodes.ts';
import { SqlError, type Position } from '../sql/sql-error.ts';
import type { SqlType } from '../types/sql-type.ts';

/** A column that expressions can name. */
export interface ScopeColumn {
  readonly name: string | undefined;
  /** Of the relation: its alias, or the table's name. */
  readonly qualifier?: string | undefined;
  /** Of a table without an alias. */
  readonly database?: string | undefined;
  readonly type: SqlType;
  /** Of a text: no more bytes than this, if it is known. */
  readonly bytesMax?: number | undefined;
  /** The table that it is stored in, whatever the alias. */
  readonly stored?: { readonly database: string; readonly table: string } | undefined;
  /** DuckDB SQL for the column; calling it marks the column as used. */
  readonly reference: () => string;
}

export interface Resolved {
  readonly column: ScopeColumn;
  /** 0: of this query; more: of one around it, or an argument of a lambda. */
  readonly levelsUp: number;
}

/** The columns that a query's expressions see, and those of its outer queries. */
export class Scope {
  readonly columns: readonly ScopeColumn[];
  readonly parent: Scope | undefined;
  readonly #kind: 'query' | 'lambda';

  /** @param kind a lambda's arguments hide columns of its query, but it is not a separate query */
  constructor(
    columns: readonly ScopeColumn[],
    parent: Scope | undefined,
    kind: 'query' | 'lambda' = 'query',
  ) {
    this.columns = columns;
    this.parent = parent;
    this.#kind = kind;
  }

  /** Whether there is a query around this one, whose columns it sees. */
  get isWithinQuery(): boolean {
    if (!this.parent) return false;
    return this.#kind === 'query' || this.parent.isWithinQuery;
  }

  /** @throws {SqlError} when several columns have the name */
  column(name: Name): Resolved | undefined {
    return this.#find((column) => column.name !== undefined, name);
  }

  /** A column of a relation, by the names before it. */
  qualified(qualifiers: readonly Name[], name: Name): Resolved | undefined {
    const [database, relation] = qualifiers.length === 2 ? qualifiers : [undefined, qualifiers[0]];
    return this.#find(
      (column) =>
        relation !== undefined &&
        isNamed(column.qualifier, relation) &&
        (database === undefined || isNamed(column.database, database)),
      name,
    );
  }

  /** Whether any column belongs to the relation. */
  hasRelation(name: Name): boolean {
    return this.columns.some((column) => isNamed(column.qualifier, name));
  }

  #find(isCandidate: (column: ScopeColumn) => boolean, name: Name): Resolved | undefined {
    const column = pick(this.columns.filter(isCandidate), name);
    const isQuery = this.#kind === 'query';
    if (column) return { column, levelsUp: isQuery ? 0 : Infinity };
    const outer = this.parent && this.parent.#find(isCandidate, name);
    return outer && { ...outer, levelsUp: outer.levelsUp + (isQuery ? 1 : 0) };
  }
}

/**
 * Names are compared exactly first, for dimensions may differ in case only; without an exact match,
 * as in Trino, without regard to case.
 */
function pick(columns: readonly ScopeColumn[], name: Name): ScopeColumn | undefined {
  const exact = columns.filter((column) => column.name === name.text);
  const found = exact.length > 0 ? exact : columns.filter((column) => isNamed(column.name, name));
  if (found.length > 1) throw ambiguous(name.at, name.text);
  return found[0];
}

function ambiguous(at: Position, name: string): SqlError {
  return new SqlError(at, `Column '${name}' is ambiguous`);
}

/** Whether a name means this one, without regard to case. */
export function isNamed(own: string | undefined, name: Name): boolean {
  return own !== undefined && own.toLowerCase() === name.text.toLowerCase();
}
