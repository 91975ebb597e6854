import { castRule } from './cast-rules.ts';
import { coercionDistance } from './coercion.ts';
import { isSameType, types, type SqlType } from './sql-type.ts';
import { coerce, type Typed } from './typed.ts';

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
  const [element, target] = [elementOf(from), elementOf(to)];
  if (!element || !target) return undefined;
  const item = castSql({ sql: 'cast_item', type: element }, target);
  return item === undefined ? undefined : `list_transform(${sql}, lambda cast_item: ${item})`;
}

/** Of an array; a point of a timeseries is a row. */
export function elementOf(type: SqlType): SqlType | undefined {
  if (type.kind === 'array') return type.element;
  return type.kind === 'timeseries' ? pointType(type.element) : undefined;
}

/** The type of one point of a time series: a row of its time and its value. */
export function pointType(value: SqlType) {
  return types.row([
    { name: 'time', type: types.timestamp },
    { name: 'value', type: value },
  ]);
}
