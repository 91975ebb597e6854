import type { SortItem } from '../sql/ast/nodes.ts';
import type { ExpressionContext } from './compile-context.ts';

/** ORDER BY of a window or an aggregate, where numbers are values and not positions. */
export function sortSql(items: readonly SortItem[], context: ExpressionContext): string {
  const keys = items.map((item) =>
    sortKey(context.statement.expression(item.expression, context).sql, item),
  );
  return `ORDER BY ${keys.join(', ')}`;
}

/** One key. Nulls come last in both directions unless said otherwise; DuckDB's default may change. */
export function sortKey(sql: string, { isDescending, nulls }: SortItem): string {
  return `${keySql(sql)} ${isDescending ? 'DESC' : 'ASC'} NULLS ${nulls ?? 'LAST'}`;
}

/** A key that is a bare constant would be a position to DuckDB, or an error. */
export function keySql(sql: string): string {
  return /^(\(*-? ?\d+\)*|'.*')$/s.test(sql) ? `coalesce(${sql}, NULL)` : sql;
}
