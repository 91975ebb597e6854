import { interpolate, naturalSpline } from '../../src/series/interpolate.ts';
import { Times } from '../../src/series/times.ts';

/** The simplest form of a point: seconds, and a value or nothing. */
export type PlainPoint = readonly [second: number, value: number | null];

type Sample = readonly [second: number, value: number];

/** The value at a time, by a search over all points from where the last one ended. */
function atEach(
  points: readonly Sample[],
  seconds: readonly number[],
  value: (left: Sample | undefined, right: Sample | undefined, second: number) => number | null,
): readonly PlainPoint[] {
  let at = -1;
  return seconds.map((second) => {
    while ((points[at + 1]?.[0] ?? Infinity) <= second) at += 1;
    const left = points[at];
    return [second, left?.[0] === second ? left[1] : value(left, points[at + 1], second)];
  });
}

/** The functions of timeseries on plain points; `seconds` must rise. */
export const plain = {
  interpolate_linear: (points: readonly Sample[], seconds: readonly number[]) =>
    atEach(points, seconds, (left, right, second) =>
      left && right
        ? (left[1] * (right[0] - second) + right[1] * (second - left[0])) / (right[0] - left[0])
        : null,
    ),
  interpolate_locf: (points: readonly Sample[], seconds: readonly number[]) =>
    atEach(points, seconds, (left) => left?.[1] ?? null),
  interpolate_fill: (points: readonly Sample[], seconds: readonly number[]) =>
    atEach(points, seconds, () => 7.5),
  /** The values of the curve have their own tests. This one shows whether they arrive. */
  interpolate_spline_cubic: (points: readonly Sample[], seconds: readonly number[]) => {
    const toTimes = (all: readonly number[]) =>
      new Times(BigInt64Array.from(all, (second) => BigInt(second) * 1_000_000_000n));
    const times = toTimes(points.map(([second]) => second));
    const values = Float64Array.from(points, ([, value]) => value);
    const found = interpolate({ times, values }, { times: toTimes(seconds) }, naturalSpline);
    return seconds.map((second, at): PlainPoint => {
      return [second, found.valueNulls?.[at] ? null : (found.values[at] ?? null)];
    });
  },
  derivative_linear: (points: readonly Sample[]) =>
    points.slice(1).map(([second, value], at): PlainPoint => {
      const [before = 0, was = 0] = points[at] ?? [];
      return [second, ((value - was) / (second - before)) * 60];
    }),
  non_negative_derivative_linear: (points: readonly Sample[]) =>
    plain.derivative_linear(points).filter(([, value]) => (value ?? 0) >= 0),
};
