import { aggregates, windowed, type FunctionDefinition } from './function-definition.ts';

export const windowFunctions: readonly FunctionDefinition[] = [
  windowed([['row_number() -> bigint', aggregates('row_number')]]),
];
