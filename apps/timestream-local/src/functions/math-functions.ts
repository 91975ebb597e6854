import { calls, scalar, type FunctionDefinition } from './function-definition.ts';

export const mathFunctions: readonly FunctionDefinition[] = [
  scalar([['abs(N) -> N', calls('abs')]]),
  scalar([['ceil(N) -> N', calls('ceil')]]),
  scalar([['floor(N) -> N', calls('floor')]]),
  scalar([['sqrt(double) -> double', calls('sqrt')]]),
];
