import type { Expression } from '../sql/ast/nodes.ts';
import type { ScopeColumn } from './scope.ts';

/** What a result column is called when it has no alias: a name's own name, else nothing. */
export function outputName(
  expression: Expression,
  columns: ReadonlyMap<Expression, ScopeColumn>,
): string | undefined {
  if (expression.kind !== 'identifier' && expression.kind !== 'field') return undefined;
  return columns.get(expression)?.name ?? expression.name.text;
}
