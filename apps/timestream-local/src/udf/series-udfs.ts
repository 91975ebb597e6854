import { isAligned, pearson, spearman } from '../series/correlate.ts';
import { derivative, integral, nonNegativeDerivative } from '../series/derive.ts';
import {
  fillWith,
  interpolate,
  lastObservation,
  linear,
  naturalSpline,
  type Interpolation,
} from '../series/interpolate.ts';
import { seriesOf } from '../series/points.ts';
import { udf, type Udf } from './udf.ts';

/** The functions of timeseries. */
export const seriesUdfs: readonly Udf[] = [
  interpolation('hw_interpolate_linear', linear),
  interpolation('hw_interpolate_locf', lastObservation),
  interpolation('hw_interpolate_spline_cubic', naturalSpline),
  udf('hw_interpolate_fill', ['points', 'times', 'double'], 'points', (points, at, value) =>
    interpolate(seriesOf(points), at, fillWith(value)),
  ),
  udf('hw_derivative_linear', ['points', 'bigint'], 'points', (points, intervalNs) =>
    derivative(seriesOf(points), positive(intervalNs)),
  ),
  udf('hw_non_negative_derivative_linear', ['points', 'bigint'], 'points', (points, intervalNs) =>
    nonNegativeDerivative(seriesOf(points), positive(intervalNs)),
  ),
  udf('hw_integral_trapezoidal', ['points', 'bigint'], 'double', (points, intervalNs) =>
    integral(seriesOf(points), positive(intervalNs)),
  ),
  correlation('hw_correlate_pearson', pearson),
  correlation('hw_correlate_spearman', spearman),
];

function interpolation(name: string, how: Interpolation): Udf {
  return udf(name, ['points', 'times'], 'points', (points, at) =>
    interpolate(seriesOf(points), at, how),
  );
}

function correlation(name: string, correlate: (xs: Float64Array, ys: Float64Array) => number): Udf {
  return udf(name, ['points', 'points'], 'double', (a, b) => {
    const [one, other] = [seriesOf(a), seriesOf(b)];
    if (isAligned(one, other)) return correlate(one.values, other.values);
    throw new Error('Timeseries to be correlated must have the same timestamps');
  });
}

function positive(intervalNs: bigint): bigint {
  if (intervalNs > 0n) return intervalNs;
  throw new Error('The interval must be positive');
}
