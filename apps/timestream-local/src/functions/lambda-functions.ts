import { elementOf } from '../types/cast-sql.ts';
import { physicalType } from '../types/physical-type.ts';
import { types } from '../types/sql-type.ts';
import type { Render } from './function-definition.ts';
import { substitute } from './substitute.ts';

/**
 * DuckDB's fold requires elements and state of one type, so both are in one struct. The names in
 * the fold derive from the lambda's own arguments, because nested folds must not hide each other's
 * names.
 */
export const reduce: Render = ([list = '', initial = '', step = '', finish = ''], facts) => {
  const { types: argumentTypes, returns } = facts;
  const [listType] = argumentTypes;
  const element = (listType && elementOf(listType)) ?? types.unknown;
  const state = physicalType(argumentTypes[1] ?? types.unknown);
  const [, s = '', x = '', body = ''] = /^lambda (\w+), (\w+): ([\s\S]*)$/.exec(step) ?? [];
  const [, last = '', result = ''] = /^lambda (\w+): ([\s\S]*)$/.exec(finish) ?? [];
  const [a, b] = [`${s}_a`, `${x}_b`];
  const packed = `list_transform(${list}, lambda reduce_item: struct_pack(s := CAST(NULL AS ${state}), x := reduce_item))`;
  const inner = substitute(substitute(body, s, `${a}.s`), x, `${b}.x`);
  const folded = `list_reduce(${packed}, lambda ${a}, ${b}: struct_pack(s := CAST(${inner} AS ${state}), x := CAST(NULL AS ${physicalType(element)})), struct_pack(s := CAST(${initial} AS ${state}), x := CAST(NULL AS ${physicalType(element)}))).s`;
  return `CAST(${substitute(result, last, `(${folded})`)} AS ${physicalType(returns)})`;
};

/** Both arrays item by item; the shorter one is filled with NULL. */
export const zipWith: Render = ([a = '', b = '', step = '']) => {
  const [, x = '', y = '', body = ''] = /^lambda (\w+), (\w+): ([\s\S]*)$/.exec(step) ?? [];
  const item = `${x}_zip`;
  const inner = substitute(substitute(body, x, `${item}[1]`), y, `${item}[2]`);
  return `list_transform(list_zip(${a}, ${b}), lambda ${item}: ${inner})`;
};
