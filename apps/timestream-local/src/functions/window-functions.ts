import { aggregates, windowed, type FunctionDefinition } from './function-definition.ts';

const rank = (name: string, returns: 'bigint' | 'double'): FunctionDefinition =>
  windowed([[`${name}() -> ${returns}`, aggregates(name)]]);

const shift = (name: string): FunctionDefinition =>
  windowed([
    [`${name}(T) -> T`, aggregates(name)],
    [`${name}(T, bigint) -> T`, aggregates(name)],
    [`${name}(T, bigint, T) -> T`, aggregates(name)],
  ]);

export const windowFunctions: readonly FunctionDefinition[] = [
  rank('row_number', 'bigint'),
  rank('rank', 'bigint'),
  rank('dense_rank', 'bigint'),
  rank('percent_rank', 'double'),
  rank('cume_dist', 'double'),
  windowed([['ntile(bigint) -> bigint', aggregates('ntile')]]),
  windowed([['first_value(T) -> T', aggregates('first_value')]]),
  windowed([['last_value(T) -> T', aggregates('last_value')]]),
  windowed([['nth_value(T, bigint) -> T', aggregates('nth_value')]]),
  shift('lag'),
  shift('lead'),
];
