import type { Cast } from '../sql/ast/expression.ts';
import { SqlError } from '../sql/sql-error.ts';
import { castSql } from '../types/cast-sql.ts';
import { typeText } from '../types/sql-type.ts';
import type { Typed } from '../types/typed.ts';
import type { ExpressionContext } from './compile-context.ts';
import { resolveTypeName } from './resolve-type-name.ts';

/** `CAST(x AS type)` and `TRY_CAST`, which is NULL where the other fails. */
export function compileCast(node: Cast, context: ExpressionContext): Typed {
  const value = context.statement.expression(node.value, context);
  const type = resolveTypeName(node.type);
  const sql = castSql(value, type);
  if (sql === undefined) {
    const message = `Cannot cast ${typeText(value.type)} to ${typeText(type)}`;
    throw new SqlError(node.at, message);
  }
  return { sql: node.isTry ? `TRY(${sql})` : sql, type };
}
