import { lastAtOrBefore, type Interpolation, type Point } from './points.ts';

/** On the straight line between the neighbours; nothing outside of the series. */
export const linear: Interpolation = (points, timeNs) => {
  const at = lastAtOrBefore(points, timeNs);
  const [left, right] = [points[at], points[at + 1]];
  if (!left) return undefined;
  if (left.timeNs === timeNs) return left.value;
  if (!right) return undefined;
  const share = Number(timeNs - left.timeNs) / Number(right.timeNs - left.timeNs);
  return left.value + (right.value - left.value) * share;
};

/** The last value before; nothing before the first point. */
export const lastObservation: Interpolation = (points, timeNs) =>
  points[lastAtOrBefore(points, timeNs)]?.value;

/** The point at exactly that time, or else a constant. */
export const fillWith =
  (value: number): Interpolation =>
  (points, timeNs) => {
    const left = points[lastAtOrBefore(points, timeNs)];
    return left?.timeNs === timeNs ? left.value : value;
  };

/**
 * On the natural cubic spline through all points: its second derivative is zero at both ends. Nothing
 * outside of the series. The spline is worked out once for a series.
 */
export function naturalSpline(points: readonly Point[]): (timeNs: bigint) => number | undefined {
  const originNs = points[0]?.timeNs ?? 0n;
  // Seconds from the first point: nanoseconds cubed would be beyond a double's reach.
  const xs = points.map(({ timeNs }) => Number(timeNs - originNs) / 1e9);
  const ys = points.map(({ value }) => value);
  const curvatures = splineCurvatures(xs, ys);
  return (timeNs) => {
    const at = lastAtOrBefore(points, timeNs);
    const left = points[at];
    if (left?.timeNs === timeNs) return left.value;
    const [x0, x1, y0, y1] = [xs[at], xs[at + 1], ys[at], ys[at + 1]];
    if (x0 === undefined || x1 === undefined || y0 === undefined || y1 === undefined) {
      return undefined;
    }
    const width = x1 - x0;
    const b = (Number(timeNs - originNs) / 1e9 - x0) / width;
    const a = 1 - b;
    const [c0 = 0, c1 = 0] = [curvatures[at], curvatures[at + 1]];
    return a * y0 + b * y1 + (((a ** 3 - a) * c0 + (b ** 3 - b) * c1) * width ** 2) / 6;
  };
}

/** Second derivatives at the points: the tridiagonal system, by elimination and back substitution. */
function splineCurvatures(xs: readonly number[], ys: readonly number[]): readonly number[] {
  const count = xs.length;
  const curvatures = Array.from(xs, () => 0);
  const carried = Array.from(xs, () => 0);
  const value = (of: readonly number[], at: number) => of[at] ?? 0;
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
  const result = Array.from(xs, () => 0);
  for (let i = count - 2; i >= 1; i -= 1) {
    result[i] = value(curvatures, i) * value(result, i + 1) + value(carried, i);
  }
  return result;
}
