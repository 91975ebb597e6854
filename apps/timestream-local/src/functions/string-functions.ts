import { calls, scalar, type FunctionDefinition } from './function-definition.ts';

export const stringFunctions: readonly FunctionDefinition[] = [
  scalar([['lower(varchar) -> varchar', calls('lower')]]),
  scalar([['upper(varchar) -> varchar', calls('upper')]]),
  scalar([['length(varchar) -> bigint', calls('length')]]),
];
