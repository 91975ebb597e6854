import type { Expression } from '../sql/ast/nodes.ts';
import { SqlError } from '../sql/sql-error.ts';
import { childrenOf } from './children-of.ts';
import type { Findings } from './compile-context.ts';

/**
 * Checks that an expression of a grouped query has one value in each group: it is a grouping key,
 * consists of grouping keys, or is within an aggregate.
 *
 * @throws {SqlError} at the first column that is none of these
 */
export function checkGrouped(
  node: Expression,
  keys: ReadonlySet<string>,
  { compiled, columns, aggregates }: Findings,
): void {
  const sql = compiled.get(node)?.();
  if ((sql !== undefined && keys.has(sql)) || aggregates.has(node)) return;
  const column = columns.get(node);
  if (column) {
    const name = column.name ?? 'column';
    throw new SqlError(
      node.at,
      `'${name}' must be an aggregate expression or appear in GROUP BY clause`,
    );
  }
  for (const child of childrenOf(node))
    checkGrouped(child, keys, { compiled, columns, aggregates });
}
