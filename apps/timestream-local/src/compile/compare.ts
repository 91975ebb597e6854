import type { ComparisonOperator, Expression } from '../sql/ast/nodes.ts';
import type { ExpressionContext } from './compile-context.ts';
import type { Compiled } from './unify.ts';

/**
 * A comparison of two values of one type.
 *
 * For DuckDB, NaN equals itself and is above all numbers. In the dialect, as in IEEE 754, every
 * comparison with it is false, except `<>`. Stored values and literals are never NaN and are
 * compared directly.
 */
export function comparisonSql(
  operator: ComparisonOperator,
  [left, right]: readonly [Compiled, Compiled],
  context: ExpressionContext,
): string {
  const sql = `${left.sql} ${operator} ${right.sql}`;
  // The side that may wrongly make it true, or false for `<>`, when it is NaN.
  const isLess = operator === '<' || operator === '<=';
  const [side, other] = isLess ? [right, left] : [left, right];
  const isEquality = operator === '=' || operator === '<>';
  if (isNumber(side, context) || (isEquality && isNumber(other, context))) return `(${sql})`;
  const isNan = `isnan(${side.sql}) AND ${other.sql} IS NOT NULL`;
  return operator === '<>' ? `(${sql} OR (${isNan}))` : `(${sql} AND NOT (${isNan}))`;
}

interface Between {
  readonly value: Compiled;
  readonly low: Compiled;
  readonly high: Compiled;
}

/** @param not `NOT ` or nothing */
export function betweenSql(
  { value, low, high }: Between,
  not: string,
  context: ExpressionContext,
): string {
  if (isNumber(high, context)) {
    return `(${value.sql} ${not}BETWEEN ${low.sql} AND ${high.sql})`;
  }
  const [above, below] = [
    comparisonSql('>=', [value, low], context),
    comparisonSql('<=', [value, high], context),
  ];
  return `(${not}(${above} AND ${below}))`;
}

/** Whether a value is never NaN: not a double, a literal, or a stored value. */
function isNumber({ node, type }: Compiled, context: ExpressionContext): boolean {
  if (type.kind !== 'double') return true;
  return isLiteral(node) || context.found.columns.get(node)?.stored !== undefined;
}

function isLiteral(node: Expression): boolean {
  if (node.kind === 'negate') return isLiteral(node.operand);
  return node.kind === 'decimal' || node.kind === 'integer';
}
