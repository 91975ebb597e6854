import type { SeededRandom } from '@highwater/testkit';
import type { TypePattern } from '../../src/functions/type-pattern.ts';
import { pointType } from '../../src/types/cast-sql.ts';
import { isSameType, types, type SqlType } from '../../src/types/sql-type.ts';

/** The types that the variables of a signature stand for. */
export type Bound = Map<string, SqlType>;

/** Whether a signature can result in a type. Binds the variables needed for that. */
export function matches(pattern: TypePattern, type: SqlType, bound: Bound): boolean {
  switch (pattern.kind) {
    case 'type':
      return isSameType(pattern.type, type);
    case 'variable': {
      const known = bound.get(pattern.name);
      if (known) return isSameType(known, type);
      if (pattern.name === 'N' && !numbers.some((each) => isSameType(each, type))) return false;
      bound.set(pattern.name, type);
      return true;
    }
    case 'array':
    case 'timeseries':
      return type.kind === pattern.kind && matches(pattern.element, type.element, bound);
    case 'row':
      return (
        type.kind === 'row' &&
        type.fields.length === pattern.fields.length &&
        pattern.fields.every((field, at) => {
          const own = type.fields[at];
          return own !== undefined && matches(field, own.type, bound);
        })
      );
    case 'point':
    case 'lambda':
      return false;
  }
}

/** The type that a pattern stands for. Variables that are still free are bound to any type. */
export function typeOf(pattern: TypePattern, bound: Bound, random: SeededRandom): SqlType {
  switch (pattern.kind) {
    case 'type':
      return pattern.type;
    case 'variable': {
      const known = bound.get(pattern.name);
      if (known) return known;
      const type = pattern.name === 'N' ? random.pick(numbers) : anyType(random);
      bound.set(pattern.name, type);
      return type;
    }
    case 'array':
      return types.array(typeOf(pattern.element, bound, random));
    case 'timeseries':
      return types.timeseries(typeOf(pattern.element, bound, random));
    case 'point':
      return pointType(typeOf(pattern.element, bound, random));
    case 'row':
      return types.row(pattern.fields.map((field) => ({ type: typeOf(field, bound, random) })));
    case 'lambda':
      return types.unknown;
  }
}

export const numbers: readonly SqlType[] = [types.integer, types.bigint, types.double];

const scalars: readonly SqlType[] = [
  types.boolean,
  types.integer,
  types.bigint,
  types.bigint,
  types.double,
  types.double,
  types.varchar,
  types.varchar,
  types.varchar,
  types.timestamp,
  types.date,
  types.time,
  types.duration,
  types.months,
];

/** Usually a scalar; otherwise an array or a row of some. */
export function anyType(random: SeededRandom): SqlType {
  const kind = random.uniform();
  if (kind < 0.78) return random.pick(scalars);
  if (kind < 0.94) return types.array(random.pick(scalars));
  if (kind < 0.97) return types.array(types.array(random.pick(scalars)));
  return types.row([{ type: random.pick(scalars) }, { type: random.pick(scalars) }]);
}

/** A type that can be compared and sorted. */
export function orderedType(random: SeededRandom): SqlType {
  for (;;) {
    const type = anyType(random);
    if (!('element' in type) && type.kind !== 'row') return type;
  }
}
