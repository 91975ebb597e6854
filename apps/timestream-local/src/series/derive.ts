import type { Point } from './points.ts';

/**
 * The change from each point to the next, per interval, at the time of the later one. The first point
 * has none before it and is left out.
 */
export function derivative(points: readonly Point[], intervalNs: bigint): readonly Point[] {
  const interval = Number(intervalNs);
  const derived: Point[] = [];
  let before: Point | undefined;
  for (const point of points) {
    if (before) {
      const elapsed = Number(point.timeNs - before.timeNs);
      const value = ((point.value - before.value) / elapsed) * interval;
      derived.push({ timeNs: point.timeNs, value });
    }
    before = point;
  }
  return derived;
}

/** The area under the straight lines between the points, with time counted in intervals. */
export function integral(points: readonly Point[], intervalNs: bigint): number {
  const interval = Number(intervalNs);
  let sum = 0;
  let before: Point | undefined;
  for (const point of points) {
    if (before) {
      const elapsed = Number(point.timeNs - before.timeNs) / interval;
      sum += ((before.value + point.value) / 2) * elapsed;
    }
    before = point;
  }
  return sum;
}
