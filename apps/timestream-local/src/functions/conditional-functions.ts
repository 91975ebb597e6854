import { trySql } from '../types/room.ts';
import { calls, scalar, type FunctionDefinition } from './function-definition.ts';

export const conditionalFunctions: readonly FunctionDefinition[] = [
  scalar([['coalesce(T, T...) -> T', calls('coalesce')]]),
  scalar([['nullif(T, T) -> T', calls('nullif')]]),
  scalar([
    ['if(boolean, T) -> T', ([test, then]) => `(CASE WHEN ${test} THEN ${then} END)`],
    [
      'if(boolean, T, T) -> T',
      ([test, then, otherwise]) => `(CASE WHEN ${test} THEN ${then} ELSE ${otherwise} END)`,
    ],
  ]),
  scalar([['try(T) -> T', ([value = '']) => trySql(value)]]),
  scalar([['greatest(T, T...) -> T', strict('greatest')]]),
  scalar([['least(T, T...) -> T', strict('least')]]),
];

/** NULL when any argument is, which DuckDB's function is only when all are. */
function strict(name: string) {
  return (args: readonly string[]) => {
    const isNull = args.map((arg) => `${arg} IS NULL`).join(' OR ');
    return `(CASE WHEN ${isNull} THEN NULL ELSE ${name}(${args.join(', ')}) END)`;
  };
}
