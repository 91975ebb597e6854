/** One point of a timeseries of doubles. */
export interface Point {
  readonly timeNs: bigint;
  readonly value: number;
}

/** What a series is worth at a time; undefined when it says nothing about it. */
export type Interpolation = (points: readonly Point[], timeNs: bigint) => number | undefined;

/** The position of the last point at or before a time; -1 when there is none. Points are sorted. */
export function lastAtOrBefore(points: readonly Point[], timeNs: bigint): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const point = points[middle];
    if (point && point.timeNs <= timeNs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
