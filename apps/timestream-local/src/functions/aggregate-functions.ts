import { aggregate, aggregates, type FunctionDefinition } from './function-definition.ts';

export const aggregateFunctions: readonly FunctionDefinition[] = [
  aggregate([
    ['count() -> bigint', (_, { aggregate: call }) => call('count', ['*'])],
    ['count(T) -> bigint', aggregates('count')],
  ]),
  aggregate([['avg(double) -> double', aggregates('avg')]]),
  aggregate([
    [
      'sum(bigint) -> bigint',
      ([value = ''], facts) => `CAST(${facts.aggregate('sum', [value])} AS BIGINT)`,
    ],
    ['sum(double) -> double', aggregates('sum')],
  ]),
  aggregate([['min(T) -> T', aggregates('min')]]),
  aggregate([['max(T) -> T', aggregates('max')]]),
];
