import { failure } from '../types/failure.ts';
import {
  aggregate,
  calls,
  scalar,
  type FunctionDefinition,
  type Render,
} from './function-definition.ts';
import { FunctionError } from './function-error.ts';

/** Sorted by time; a time that comes twice, or a value that is NULL, fails the query. */
const createTimeSeries: Render = ([time, value], { aggregate: call, returns, isOrdered }) => {
  if (isOrdered) throw new FunctionError('create_time_series takes no ORDER BY');
  const points = call('list', [`struct_pack(f0 := ${time}, f1 := ${value}) ORDER BY ${time}`]);
  const times = `list_transform(${points}, lambda series_point: series_point.f0)`;
  const fail = (message: string) => failure(message, returns);
  return `(CASE
    WHEN len(list_filter(${points}, lambda series_point: series_point.f0 IS NULL OR series_point.f1 IS NULL)) > 0
      THEN ${fail('create_time_series does not accept NULL times or values')}
    WHEN len(list_distinct(${times})) <> len(${points})
      THEN ${fail('create_time_series does not accept duplicate timestamps')}
    ELSE ${points} END)`;
};

/** An interpolation at many times, or at one. */
const interpolation = (
  name: string,
  note = 'NULL at times outside the series',
): FunctionDefinition =>
  scalar(
    [
      [`${name}(timeseries(double), array(timestamp)) -> timeseries(double)`, calls(`hw_${name}`)],
      [
        `${name}(timeseries(double), timestamp) -> double`,
        ([series, time]) => `list_extract(hw_${name}(${series}, [${time}]), 1).f1`,
      ],
    ],
    { note },
  );

const secondNs = 'CAST(1000000000 AS BIGINT)';

export const timeSeriesFunctions: readonly FunctionDefinition[] = [
  aggregate([['create_time_series(timestamp, T) -> timeseries(T)', createTimeSeries]], {
    note: 'a repeated time makes the query fail',
  }),
  interpolation('interpolate_linear'),
  interpolation('interpolate_spline_cubic'),
  interpolation('interpolate_locf', 'NULL before the series, the last value after it'),
  scalar([
    [
      'interpolate_fill(timeseries(double), array(timestamp), double) -> timeseries(double)',
      calls('hw_interpolate_fill'),
    ],
    [
      'interpolate_fill(timeseries(double), timestamp, double) -> double',
      ([series, time, value]) =>
        `list_extract(hw_interpolate_fill(${series}, [${time}], ${value}), 1).f1`,
    ],
  ]),
  scalar(
    [
      [
        'derivative_linear(timeseries(double), duration) -> timeseries(double)',
        calls('hw_derivative_linear'),
      ],
    ],
    { note: 'the first point has no derivative and is omitted' },
  ),
  scalar(
    [
      [
        'non_negative_derivative_linear(timeseries(double), duration) -> timeseries(double)',
        calls('hw_non_negative_derivative_linear'),
      ],
    ],
    { note: 'the first point, and points with a negative derivative, are omitted' },
  ),
  scalar([
    [
      'integral_trapezoidal(timeseries(double)) -> double',
      ([series]) => `hw_integral_trapezoidal(${series}, ${secondNs})`,
    ],
    [
      'integral_trapezoidal(timeseries(double), duration) -> double',
      calls('hw_integral_trapezoidal'),
    ],
  ]),
  scalar([
    [
      'correlate_pearson(timeseries(double), timeseries(double)) -> double',
      calls('hw_correlate_pearson'),
    ],
  ]),
  scalar([
    [
      'correlate_spearman(timeseries(double), timeseries(double)) -> double',
      calls('hw_correlate_spearman'),
    ],
  ]),
];
