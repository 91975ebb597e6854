import { isSameType, types, type RowType, type SqlType } from './sql-type.ts';

/** The types to which a value converts implicitly, nearest first: no value is lost. */
const wider: Readonly<Partial<Record<SqlType['kind'], readonly SqlType[]>>> = {
  integer: [types.bigint, types.double],
  bigint: [types.double],
  date: [types.timestamp],
};

/**
 * How far a type is from another one to which it converts implicitly.
 *
 * @returns 0 for the same type; undefined when a cast is required
 */
export function coercionDistance(from: SqlType, to: SqlType): number | undefined {
  if (isSameType(from, to)) return 0;
  if (from.kind === 'unknown') return 1;
  if (from.kind === 'array' && to.kind === 'array') {
    return coercionDistance(from.element, to.element);
  }
  if (from.kind === 'timeseries' && to.kind === 'timeseries') {
    return coercionDistance(from.element, to.element);
  }
  if (from.kind === 'row' && to.kind === 'row') return rowDistance(from, to);
  const at = (wider[from.kind] ?? []).findIndex(({ kind }) => kind === to.kind);
  return at === -1 ? undefined : at + 1;
}

function rowDistance(from: RowType, to: RowType): number | undefined {
  if (from.fields.length !== to.fields.length) return undefined;
  let sum = 0;
  for (const [at, field] of from.fields.entries()) {
    const distance = coercionDistance(field.type, to.fields[at]?.type ?? types.unknown);
    if (distance === undefined) return undefined;
    sum += distance;
  }
  return sum;
}

/** The type to which both convert implicitly; undefined when there is none. */
export function commonType(a: SqlType, b: SqlType): SqlType | undefined {
  if (coercionDistance(a, b) !== undefined) return b;
  if (coercionDistance(b, a) !== undefined) return a;
  if (a.kind === 'array' && b.kind === 'array') {
    const element = commonType(a.element, b.element);
    return element && types.array(element);
  }
  if (a.kind === 'row' && b.kind === 'row') return commonRow(a, b);
  return undefined;
}

function commonRow(a: RowType, b: RowType): SqlType | undefined {
  if (a.fields.length !== b.fields.length) return undefined;
  const fields = [];
  for (const [at, field] of a.fields.entries()) {
    const type = commonType(field.type, b.fields[at]?.type ?? types.unknown);
    if (!type) return undefined;
    fields.push({ name: field.name, type });
  }
  return types.row(fields);
}
