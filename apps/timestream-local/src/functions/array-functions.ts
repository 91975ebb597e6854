import { calls, scalar, type FunctionDefinition } from './function-definition.ts';

export const arrayFunctions: readonly FunctionDefinition[] = [
  scalar([
    ['cardinality(array(T)) -> bigint', calls('len')],
    ['cardinality(timeseries(T)) -> bigint', calls('len')],
  ]),
];
