import type { Expression } from '../sql/ast/nodes.ts';
import { childrenOf } from './children-of.ts';
import { containsQuery } from './computed-outside.ts';

/**
 * Whether an expression is the same in every row: DuckDB computes it before it reads any.
 *
 * @param items names that lambdas around give to the items of constant lists
 */
export function isConstant(node: Expression, items: readonly string[] = []): boolean {
  if (node.kind === 'identifier') return items.includes(node.name.text);
  const own = node.kind === 'lambda' ? node.parameters.map(({ text }) => text) : [];
  const inner = [...items, ...own];
  return !containsQuery(node) && childrenOf(node).every((child) => isConstant(child, inner));
}
