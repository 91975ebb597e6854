import type { Cast } from '../sql/ast/expression.ts';
import { SqlError } from '../sql/sql-error.ts';
import { coercionDistance } from '../types/coercion.ts';
import { isSameType, typeText, types, type SqlType } from '../types/sql-type.ts';
import { coerce, type Typed } from '../types/typed.ts';
import { castRule } from './cast-rules.ts';
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

/** DuckDB SQL for the value in the type; undefined when there is no such cast. */
export function castSql(value: Typed, type: SqlType): string | undefined {
  if (isSameType(value.type, type)) return value.sql;
  const rule = castRule(value.type, type);
  if (rule) return rule(value.sql);
  if (coercionDistance(value.type, type) !== undefined) return coerce(value, type).sql;
  return castParts(value, type);
}

function castParts({ sql, type: from }: Typed, to: SqlType): string | undefined {
  if (from.kind === 'row' && to.kind === 'row' && from.fields.length === to.fields.length) {
    const fields = from.fields.map((field, at) => {
      const part = { sql: `struct_extract(${sql}, 'f${at}')`, type: field.type };
      return castSql(part, to.fields[at]?.type ?? types.unknown);
    });
    if (fields.includes(undefined)) return undefined;
    const packed = fields.map((field, at) => `f${at} := ${field}`).join(', ');
    return `(CASE WHEN ${sql} IS NOT NULL THEN struct_pack(${packed}) END)`;
  }
  const isList = (kind: SqlType['kind']) => kind === 'array' || kind === 'timeseries';
  if (!isList(from.kind) || !isList(to.kind)) return undefined;
  const item = castSql({ sql: 'cast_item', type: elementOf(from) }, elementOf(to));
  return item === undefined ? undefined : `list_transform(${sql}, lambda cast_item: ${item})`;
}

function elementOf(type: SqlType): SqlType {
  if (type.kind === 'array') return type.element;
  if (type.kind !== 'timeseries') return types.unknown;
  return types.row([{ type: types.timestamp }, { type: type.element }]);
}
