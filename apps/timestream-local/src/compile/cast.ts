import type { Cast } from '../sql/ast/nodes.ts';
import { SqlError } from '../sql/sql-error.ts';
import { castSql } from '../types/cast-sql.ts';
import { failure } from '../types/failure.ts';
import { trySql } from '../types/room.ts';
import { typeText, types } from '../types/sql-type.ts';
import type { Typed } from '../types/typed.ts';
import type { ExpressionContext } from './compile-context.ts';
import { resolveTypeName, varcharLength } from './resolve-type-name.ts';

/** `CAST(x AS type)` and `TRY_CAST`, which is NULL if the other fails. */
export function compileCast(node: Cast, context: ExpressionContext): Typed {
  const value = context.statement.expression(node.value, context);
  const length = varcharLength(node.type);
  const type = length === undefined ? resolveTypeName(node.type) : types.varchar;
  const whole = castSql(value, type);
  const sql = whole === undefined || length === undefined ? whole : limit(whole, value, length);
  if (sql === undefined) {
    const message = `Cannot cast ${typeText(value.type)} to ${typeText(type)}`;
    throw new SqlError(node.at, message);
  }
  return { sql: node.isTry ? trySql(sql) : sql, type };
}

/** A longer text is cut. Any other value must fit. */
function limit(sql: string, { type }: Typed, length: number): string {
  if (type.kind === 'varchar' || type.kind === 'unknown') return `substr(${sql}, 1, ${length})`;
  const tooLong = failure(`Value cannot be represented as varchar(${length})`, types.varchar);
  return `(CASE WHEN length(${sql}) > ${length} THEN ${tooLong} ELSE ${sql} END)`;
}
