import type { Points, Series, WantedTimes } from './points.ts';
import type { Times } from './times.ts';

/**
 * The value of a series at a time without a point.
 *
 * @param left the index of the last point before; -1 when there is none
 * @returns undefined when the series has no value there
 */
type Between = (series: Series, left: number, wanted: Times, at: number) => number | undefined;

/** Computes what it needs from a series once, whatever the number of times. */
export type Interpolation = (series: Series) => Between;

/** On the straight line between the neighbors; nothing outside the series. */
export const linear: Interpolation = () => (series, left, wanted, at) => {
  const { times, values } = series;
  if (left === -1 || left + 1 >= times.length) return undefined;
  const [from = 0, to = 0] = [values[left], values[left + 1]];
  const share = wanted.since(at, times, left) / times.since(left + 1, times, left);
  return from + (to - from) * share;
};

/** The last value before; nothing before the first point. */
export const lastObservation: Interpolation =
  () =>
  ({ values }, left) =>
    values[left];

/** A constant. */
export const fillWith =
  (value: number): Interpolation =>
  () =>
  () =>
    value;

/**
 * On the natural cubic spline through all points: its second derivative is zero at both ends.
 * Nothing outside the series.
 */
export const naturalSpline: Interpolation = ({ times, values: ys }) => {
  // Seconds from the first point, because nanoseconds cubed would exceed the range of a double.
  const xs = Float64Array.from(ys, (_, at) => times.since(at, times, 0) / 1e9);
  const curvatures = splineCurvatures(xs, ys);
  return (series, left, wanted, at) => {
    const [x0, x1, y0, y1] = [xs[left], xs[left + 1], ys[left], ys[left + 1]];
    if (x0 === undefined || x1 === undefined || y0 === undefined || y1 === undefined) {
      return undefined;
    }
    const width = x1 - x0;
    const b = (wanted.since(at, series.times, 0) / 1e9 - x0) / width;
    const a = 1 - b;
    const [c0 = 0, c1 = 0] = [curvatures[left], curvatures[left + 1]];
    return a * y0 + b * y1 + (((a * a * a - a) * c0 + (b * b * b - b) * c1) * width * width) / 6;
  };
};

/** The series' own value at its own times, and an interpolation at all others. */
export function interpolate(
  series: Series,
  { times: wanted, nulls }: WantedTimes,
  interpolation: Interpolation,
): Points {
  const between = interpolation(series);
  const values = new Float64Array(wanted.length);
  let valueNulls: Uint8Array | undefined;
  let left = -1;
  for (let at = 0; at < wanted.length; at += 1) {
    let value: number | undefined;
    if (!nulls?.[at]) {
      left = lastAtOrBefore(series.times, wanted, at, left);
      const isOwn = left !== -1 && series.times.isSame(left, wanted, at);
      value = isOwn ? series.values[left] : between(series, left, wanted, at);
    }
    if (value === undefined) (valueNulls ??= new Uint8Array(wanted.length))[at] = 1;
    else values[at] = value;
  }
  return { timesNs: wanted.ns, timeNulls: nulls, values, valueNulls };
}

/**
 * The position of the last time at or before another; -1 when there is none.
 *
 * @param near where to look first: of times in order the next one is here, or a step further
 */
function lastAtOrBefore(times: Times, wanted: Times, at: number, near: number): number {
  let [low, high] = [0, times.length];
  if (near === -1 || !times.isAfter(near, wanted, at)) {
    for (let next = near + 1; next <= near + 2; next += 1) {
      if (next >= high || times.isAfter(next, wanted, at)) return next - 1;
    }
    low = near + 3;
  }
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times.isAfter(middle, wanted, at)) high = middle;
    else low = middle + 1;
  }
  return low - 1;
}

/** Second derivatives at the points: the tridiagonal system, by elimination and back substitution. */
function splineCurvatures(xs: Float64Array, ys: Float64Array): Float64Array {
  const count = xs.length;
  const curvatures = new Float64Array(count);
  const carried = new Float64Array(count);
  const value = (of: Float64Array, at: number) => of[at] ?? 0;
  for (let i = 1; i < count - 1; i += 1) {
    const before = value(xs, i) - value(xs, i - 1);
    const after = value(xs, i + 1) - value(xs, i);
    const share = before / (before + after);
    const pivot = share * value(curvatures, i - 1) + 2;
    const slopes =
      (value(ys, i + 1) - value(ys, i)) / after - (value(ys, i) - value(ys, i - 1)) / before;
    curvatures[i] = (share - 1) / pivot;
    carried[i] = ((6 * slopes) / (before + after) - share * value(carried, i - 1)) / pivot;
  }
  const result = new Float64Array(count);
  for (let i = count - 2; i >= 1; i -= 1) {
    result[i] = value(curvatures, i) * value(result, i + 1) + value(carried, i);
  }
  return result;
}
