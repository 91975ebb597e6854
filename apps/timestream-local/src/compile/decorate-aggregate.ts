import type { Call, WindowSpec } from '../sql/ast/nodes.ts';
import { SqlError } from '../sql/sql-error.ts';
import type { ExpressionContext } from './compile-context.ts';
import { frameSql } from './frame-sql.ts';
import { condition } from './predicates.ts';
import { sortSql } from './sort-sql.ts';

/** A call's own context, and that of its arguments. */
export interface CallContexts {
  readonly context: ExpressionContext;
  readonly inner: ExpressionContext;
}

/** A call of a DuckDB aggregate with the DISTINCT, ORDER BY, FILTER and OVER of the dialect's call. */
export function decorateAggregate(
  call: Call,
  name: string,
  args: readonly string[],
  { context, inner }: CallContexts,
): string {
  const distinct = call.isDistinct ? 'DISTINCT ' : '';
  const order = call.orderBy.length > 0 ? ` ${sortSql(call.orderBy, inner)}` : '';
  const nulls = call.nulls === undefined ? '' : ` ${call.nulls} NULLS`;
  const filter = call.filter
    ? ` FILTER (WHERE ${condition(call.filter, inner, 'FILTER clause')})`
    : '';
  const over = call.over ? ` OVER (${windowSql(call.over, context)})` : '';
  return `${name}(${distinct}${args.join(', ')}${order}${nulls})${filter}${over}`;
}

/** The content of the parentheses of OVER. A named window is expanded. */
function windowSql(spec: WindowSpec, context: ExpressionContext): string {
  const base = spec.base && context.windows.get(spec.base.text.toLowerCase());
  if (spec.base && !base) {
    throw new SqlError(spec.base.at, `Cannot resolve WINDOW name ${spec.base.text}`);
  }
  const merged: WindowSpec = base
    ? {
        partitionBy: base.partitionBy,
        orderBy: base.orderBy.length > 0 ? base.orderBy : spec.orderBy,
        frame: spec.frame ?? base.frame,
        base: base.base,
      }
    : spec;
  if (merged.base) return windowSql(merged, context);
  const keys = merged.partitionBy.map((key) => context.statement.expression(key, context).sql);
  const parts = [
    keys.length > 0 ? `PARTITION BY ${keys.join(', ')}` : '',
    merged.orderBy.length > 0 ? sortSql(merged.orderBy, context) : '',
    frameSql(merged, context),
  ];
  return parts.filter((part) => part !== '').join(' ');
}
