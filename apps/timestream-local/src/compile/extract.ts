import type { Extract } from '../sql/ast/nodes.ts';
import { SqlError } from '../sql/sql-error.ts';
import type { Typed } from '../types/typed.ts';
import type { ExpressionContext } from './compile-context.ts';
import { compileCall } from './compile-call.ts';

/** The function for `EXTRACT(field FROM x)`. */
const functions: Readonly<Record<string, string>> = {
  YEAR: 'year',
  QUARTER: 'quarter',
  MONTH: 'month',
  WEEK: 'week',
  DAY: 'day',
  DAY_OF_MONTH: 'day_of_month',
  DAY_OF_WEEK: 'day_of_week',
  DOW: 'day_of_week',
  DAY_OF_YEAR: 'day_of_year',
  DOY: 'day_of_year',
  YEAR_OF_WEEK: 'year_of_week',
  YOW: 'year_of_week',
  HOUR: 'hour',
  MINUTE: 'minute',
  SECOND: 'second',
};

/**
 * Compiles `EXTRACT(field FROM value)` as a call of the function that the field names.
 *
 * @throws {SqlError} when there is no such field
 */
export function compileExtract(node: Extract, context: ExpressionContext): Typed {
  const name = Object.hasOwn(functions, node.field) ? functions[node.field] : undefined;
  if (name === undefined) throw new SqlError(node.at, `Invalid EXTRACT field: ${node.field}`);
  const call = {
    kind: 'call' as const,
    at: node.at,
    name: { text: name, isQuoted: false, at: node.at },
    arguments: [node.value],
    isStar: false,
    isDistinct: false,
    orderBy: [],
  };
  return compileCall(call, context);
}
