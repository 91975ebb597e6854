import {
  BIGINT,
  DOUBLE,
  DuckDBListValue,
  DuckDBStructValue,
  LIST,
  STRUCT,
  type DuckDBValue,
} from '@duckdb/node-api';
import { aligned, pearson, spearman } from '../series/correlate.ts';
import { derivative, integral } from '../series/derive.ts';
import { fillWith, lastObservation, linear, naturalSpline } from '../series/interpolate.ts';
import type { Interpolation, Point } from '../series/points.ts';
import type { Udf } from './udf.ts';

const series = LIST(STRUCT({ f0: BIGINT, f1: DOUBLE }));
const times = LIST(BIGINT);

/** The functions of timeseries. */
export const seriesUdfs: readonly Udf[] = [
  interpolation('hw_interpolate_linear', () => linear),
  interpolation('hw_interpolate_locf', () => lastObservation),
  interpolation('hw_interpolate_spline_cubic', (points) => {
    const spline = naturalSpline(points);
    return (_, timeNs) => spline(timeNs);
  }),
  {
    name: 'hw_interpolate_fill',
    parameters: [series, times, DOUBLE],
    returns: series,
    call: (points: DuckDBListValue, at: DuckDBListValue, value: number) =>
      interpolated(toPoints(points), at, fillWith(value)),
  },
  {
    name: 'hw_derivative_linear',
    parameters: [series, BIGINT],
    returns: series,
    call: (points: DuckDBListValue, intervalNs: bigint) =>
      toList(derivative(toPoints(points), positive(intervalNs))),
  },
  {
    name: 'hw_non_negative_derivative_linear',
    parameters: [series, BIGINT],
    returns: series,
    call: (points: DuckDBListValue, intervalNs: bigint) => {
      const derived = derivative(toPoints(points), positive(intervalNs));
      return toList(derived.filter(({ value }) => value >= 0));
    },
  },
  {
    name: 'hw_integral_trapezoidal',
    parameters: [series, BIGINT],
    returns: DOUBLE,
    call: (points: DuckDBListValue, intervalNs: bigint) =>
      integral(toPoints(points), positive(intervalNs)),
  },
  correlation('hw_correlate_pearson', pearson),
  correlation('hw_correlate_spearman', spearman),
];

function interpolation(name: string, prepare: (points: readonly Point[]) => Interpolation): Udf {
  return {
    name,
    parameters: [series, times],
    returns: series,
    call: (list: DuckDBListValue, at: DuckDBListValue) => {
      const points = toPoints(list);
      return interpolated(points, at, prepare(points));
    },
  };
}

function interpolated(
  points: readonly Point[],
  at: DuckDBListValue,
  interpolate: Interpolation,
): DuckDBListValue {
  return new DuckDBListValue(
    at.items.map((time) => {
      const value = interpolate(points, time as bigint);
      return new DuckDBStructValue({ f0: time, f1: value ?? null });
    }),
  );
}

function correlation(
  name: string,
  correlate: (xs: readonly number[], ys: readonly number[]) => number,
): Udf {
  return {
    name,
    parameters: [series, series],
    returns: DOUBLE,
    call: (a: DuckDBListValue, b: DuckDBListValue) => {
      const values = aligned(toPoints(a), toPoints(b));
      if (!values) throw new Error('Timeseries to be correlated must have the same timestamps');
      return correlate(...values);
    },
  };
}

function positive(intervalNs: bigint): bigint {
  if (intervalNs > 0n) return intervalNs;
  throw new Error('The interval must be positive');
}

/** Points whose value an interpolation left NULL say nothing. */
function toPoints({ items }: DuckDBListValue): readonly Point[] {
  return items.flatMap((item) => {
    const { f0, f1 } = fields(item);
    return typeof f0 === 'bigint' && typeof f1 === 'number' ? [{ timeNs: f0, value: f1 }] : [];
  });
}

function fields(item: DuckDBValue): { readonly f0?: DuckDBValue; readonly f1?: DuckDBValue } {
  return item instanceof DuckDBStructValue ? item.entries : {};
}

function toList(points: readonly Point[]): DuckDBListValue {
  return new DuckDBListValue(
    points.map(({ timeNs, value }) => new DuckDBStructValue({ f0: timeNs, f1: value })),
  );
}
