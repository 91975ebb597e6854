import { physicalType } from '../types/physical-type.ts';
import { logarithmSql } from './logarithm.ts';
import {
  aggregate,
  aggregates,
  type FunctionDefinition,
  type Render,
} from './function-definition.ts';

/** DuckDB's aggregate, in the width of the dialect. */
const asBigint =
  (name: string): Render =>
  (args, { aggregate: call }) =>
    `CAST(${call(name, args)} AS BIGINT)`;

const double = (name: string, duck = name): FunctionDefinition =>
  aggregate([[`${name}(double) -> double`, aggregates(duck)]]);

const ofPairs = (name: string): FunctionDefinition =>
  aggregate([[`${name}(double, double) -> double`, aggregates(name)]]);

/** The n form leaves rows out that the single form would answer NULL for. */
const by = (name: string, one: string): FunctionDefinition =>
  aggregate([
    [`${name}(T, U) -> T`, aggregates(one)],
    [`${name}(T, U, bigint) -> array(T)`, aggregates(name)],
  ]);

const mean: Render = (args, { aggregate: call }) => `CAST(round(${call('avg', args)}) AS BIGINT)`;

/** DuckDB corrects for the bias of a sample; Trino does not. */
const skewness: Render = ([value = ''], { aggregate: call }) => {
  const count = `CAST(${call('count', [value])} AS DOUBLE)`;
  return `(${call('skewness', [value])} * (${count} - 2) / sqrt(${count} * (${count} - 1)))`;
};

/** Zero when any value is, which DuckDB's own refuses. */
const geometricMean: Render = ([value = ''], { aggregate: call }) =>
  `exp(${call('avg', [logarithmSql(value)])})`;

const percentile: Render = ([value = '', share = ''], { aggregate: call }) =>
  call('quantile_disc', [value, share]);

/** Sorted by DuckDB, which a call of ours would hold up everything for. */
const weighted: Render = ([value = '', weight = '', share = ''], facts) => {
  const pair = `struct_pack(f0 := CAST(${weight} AS BIGINT), f1 := CAST(${value} AS DOUBLE))`;
  const order = facts.isOrdered ? '' : ` ORDER BY ${value}`;
  const pairs = facts.aggregate('list', [`${pair}${order}`]);
  const isArray = facts.returns.kind === 'array';
  const sql = `hw_weighted_percentiles(${pairs}, CAST(${isArray ? share : `[${share}]`} AS DOUBLE[]))`;
  return `CAST(${isArray ? sql : `list_extract(${sql}, 1)`} AS ${physicalType(facts.returns)})`;
};

const exactly = { note: 'exact, which is within the error that the service allows' };

export const aggregateFunctions: readonly FunctionDefinition[] = [
  aggregate([
    ['count() -> bigint', (_, { aggregate: call }) => call('count', ['*'])],
    ['count(T) -> bigint', aggregates('count')],
  ]),
  aggregate([['count_if(boolean) -> bigint', asBigint('count_if')]]),
  aggregate([
    ['avg(double) -> double', aggregates('avg')],
    ['avg(duration) -> duration', mean],
  ]),
  aggregate([
    ['sum(bigint) -> bigint', asBigint('sum')],
    ['sum(double) -> double', aggregates('sum')],
    ['sum(duration) -> duration', asBigint('sum')],
    [
      'sum(months) -> months',
      (args, { aggregate: call }) => `CAST(${call('sum', args)} AS INTEGER)`,
    ],
  ]),
  aggregate([
    ['min(T) -> T', aggregates('min')],
    ['min(T, bigint) -> array(T)', aggregates('min')],
  ]),
  aggregate([
    ['max(T) -> T', aggregates('max')],
    ['max(T, bigint) -> array(T)', aggregates('max')],
  ]),
  by('min_by', 'arg_min_null'),
  by('max_by', 'arg_max_null'),
  aggregate([['arbitrary(T) -> T', aggregates('any_value')]]),
  aggregate([['any_value(T) -> T', aggregates('any_value')]]),
  aggregate([['array_agg(T) -> array(T)', aggregates('list')]]),
  aggregate([['bool_and(boolean) -> boolean', aggregates('bool_and')]]),
  aggregate([['bool_or(boolean) -> boolean', aggregates('bool_or')]]),
  aggregate([['every(boolean) -> boolean', aggregates('bool_and')]]),
  aggregate(
    [
      ['approx_distinct(T) -> bigint', distinctCount],
      [
        'approx_distinct(T, double) -> bigint',
        ([value = ''], facts) => distinctCount([value], facts),
      ],
    ],
    exactly,
  ),
  aggregate(
    [
      ['approx_percentile(N, double) -> N', percentile],
      ['approx_percentile(N, array(double)) -> array(N)', percentile],
      ['approx_percentile(N, bigint, double) -> N', weighted],
      ['approx_percentile(N, bigint, array(double)) -> array(N)', weighted],
      ['approx_percentile(N, bigint, double, double) -> N', weighted],
    ],
    { note: 'exact; the share must be a constant' },
  ),
  aggregate([['geometric_mean(double) -> double', geometricMean]]),
  ofPairs('corr'),
  ofPairs('covar_pop'),
  ofPairs('covar_samp'),
  ofPairs('regr_intercept'),
  ofPairs('regr_slope'),
  aggregate([['skewness(double) -> double', skewness]]),
  double('kurtosis'),
  double('stddev', 'stddev_samp'),
  double('stddev_pop'),
  double('stddev_samp'),
  double('variance', 'var_samp'),
  double('var_pop'),
  double('var_samp'),
  aggregate([['bitwise_and_agg(bigint) -> bigint', aggregates('bit_and')]]),
  aggregate([['bitwise_or_agg(bigint) -> bigint', aggregates('bit_or')]]),
];

function distinctCount([value = '']: readonly string[], facts: Parameters<Render>[1]): string {
  return facts.aggregate('count', [`DISTINCT ${value}`]);
}
