import { failure } from '../types/failure.ts';
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

/** Zero when any value is zero, which DuckDB's own function rejects. */
const geometricMean: Render = ([value = ''], { aggregate: call }) =>
  `exp(${call('avg', [logarithmSql(value)])})`;

const percentile: Render = ([value = '', share = ''], facts) =>
  facts.areConstant[1] && !isRefused(share)
    ? facts.aggregate('quantile_disc', [value, share])
    : percentileOfRows(value, share, facts);

/** Whether DuckDB does not take SQL for a constant share, though no columns are in it. */
const isRefused = (sql: string) => /\b(?:hw_room|random)\(|\bNULL\b/.test(sql);

/**
 * A share without columns is computed once. Otherwise, all rows of a group have the same share. The
 * value next to it makes it an aggregate of this query, even where the share is a column of an
 * outer query.
 */
function shareOf(at: number, share: string, facts: Parameters<Render>[1]): string {
  if (facts.areConstant[at]) return share;
  const pair = `struct_pack(s := ${share}, v := ${facts.values[0]?.sql})`;
  return facts.aggregate('any_value', [`CASE WHEN ${share} IS NOT NULL THEN ${pair} END`]) + '.s';
}

/** A hundredth is not exact as a double: 0.07 of 100 is slightly more than 7. */
function percentileOfRows(value: string, share: string, facts: Parameters<Render>[1]): string {
  const { returns, aggregate: call } = facts;
  const element = returns.kind === 'array' ? returns.element : returns;
  const outside = failure('Percentile must be between 0 and 1', element);
  const place = `greatest(1, CAST(ceil(len(percentiles.x) * percentile_share * ${1 - 4 * Number.EPSILON}) AS BIGINT))`;
  const item = `CASE WHEN percentile_share BETWEEN 0 AND 1 THEN list_extract(percentiles.x, ${place}) WHEN percentile_share IS NOT NULL THEN ${outside} END`;
  const known = shareOf(1, share, facts);
  const shares = returns.kind === 'array' ? known : `[${known}]`;
  const sorted = `list_sort(list_filter(${call('list', [value])}, lambda percentile_value: percentile_value IS NOT NULL))`;
  const struct = `struct_pack(x := ${sorted}, s := ${shares})`;
  const sql = `list_transform([${struct}], lambda percentiles: list_transform(percentiles.s, lambda percentile_share: ${item}))[1]`;
  return returns.kind === 'array' ? sql : `list_extract(${sql}, 1)`;
}

/** Sorted by DuckDB, because a JavaScript function would block everything else. */
const weighted: Render = ([value = '', weight = '', share = ''], facts) => {
  const pair = `struct_pack(f0 := CAST(${weight} AS BIGINT), f1 := CAST(${value} AS DOUBLE))`;
  const order = facts.isOrdered ? '' : ` ORDER BY ${value}`;
  const pairs = facts.aggregate('list', [`${pair}${order}`]);
  const isArray = facts.returns.kind === 'array';
  const shares = shareOf(2, share, facts);
  const sql = `hw_weighted_percentiles(${pairs}, CAST(${isArray ? shares : `[${shares}]`} AS DOUBLE[]))`;
  return `CAST(${isArray ? sql : `list_extract(${sql}, 1)`} AS ${physicalType(facts.returns)})`;
};

const exactly = { note: 'exact, which is within the error that Timestream allows' };

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
    { note: 'exact' },
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
  return facts.aggregate('count', [value], true);
}
