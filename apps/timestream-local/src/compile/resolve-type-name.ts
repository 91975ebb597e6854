import type { TypeName } from '../sql/ast/type-name.ts';
import { SqlError } from '../sql/sql-error.ts';
import { types, type SqlType } from '../types/sql-type.ts';

const scalars: Readonly<Record<string, SqlType>> = {
  boolean: types.boolean,
  int: types.integer,
  integer: types.integer,
  bigint: types.bigint,
  double: types.double,
  varchar: types.varchar,
  timestamp: types.timestamp,
  date: types.date,
  time: types.time,
  'interval day to second': types.duration,
  'interval year to month': types.months,
};

/** The type that a cast names. */
export function resolveTypeName(name: TypeName): SqlType {
  const scalar = Object.hasOwn(scalars, name.name) ? scalars[name.name] : undefined;
  const [first] = name.arguments;
  if (scalar && !first && name.numbers.length === 0) return scalar;
  if (first && name.arguments.length === 1 && first.name === undefined) {
    if (name.name === 'array') return types.array(resolveTypeName(first.type));
    if (name.name === 'timeseries') return types.timeseries(resolveTypeName(first.type));
  }
  if (first && name.name === 'row') {
    return types.row(
      name.arguments.map((field) => ({ name: field.name, type: resolveTypeName(field.type) })),
    );
  }
  const numbers = name.numbers.length > 0 ? `(${name.numbers.join(', ')})` : '';
  throw new SqlError(name.at, `Unknown type: ${name.name}${numbers}`);
}

/** The `n` of `varchar(n)`: a limit of the cast, not a type of its own. */
export function varcharLength({ name, numbers }: TypeName): number | undefined {
  const [length] = numbers;
  if (name !== 'varchar' || length === undefined || numbers.length > 1) return undefined;
  return Number(length) < 2 ** 31 ? Number(length) : undefined;
}
