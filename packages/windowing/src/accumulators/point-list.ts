import type { AccumulatedPoint, ListState } from './component.ts';

/** What points of one series and one event time are: each a point, or one, the first or the last. */
export type Duplicates = 'count' | 'ignore' | 'replace';

/** Points that a list keeps, 24 bytes each; what would need more of one row has no result. */
export const listPointsMax = 4_096;

/** Stands for a list that is over its bound. */
const overflown = [-1];

/**
 * The points of a row themselves: for what depends on their order, and to find duplicates. Kept until
 * the window is cleaned up, at most `listPointsMax` of a row; over that bound the row's results that
 * depend on the list are refused, never wrong.
 *
 * Of duplicates, `ignore` keeps the one that arrived first and `replace` the one that arrived last; at
 * equal arrival times, the first or the last of its shard, and between shards the smaller or the
 * larger value.
 */
export class PointList implements ListState {
  readonly #duplicates: Duplicates;
  #points: AccumulatedPoint[] = [];
  /** Where the one point of an event time is; empty when duplicates are counted. */
  readonly #indexes = new Map<number, number>();
  #isOverflown = false;

  constructor(duplicates: Duplicates) {
    this.#duplicates = duplicates;
  }

  /** In the order of event times, then of values: independent of the order of arrival. */
  get points(): readonly AccumulatedPoint[] | undefined {
    if (this.#isOverflown) return undefined;
    return this.#points.toSorted((a, b) => a.eventTimeMs - b.eventTimeMs || a.value - b.value);
  }

  add(point: AccumulatedPoint): void {
    this.#take(point, (known) =>
      this.#duplicates === 'replace'
        ? point.arrivalTimeMs >= known.arrivalTimeMs
        : point.arrivalTimeMs < known.arrivalTimeMs,
    );
  }

  merge(from: readonly number[]): void {
    if (from[0] === overflown[0] && from.length === 1) this.#overflow();
    const sign = this.#duplicates === 'replace' ? 1 : -1;
    for (let at = 0; at + 3 <= from.length; at += 3) {
      const [eventTimeMs = 0, value = Number.NaN, arrivalTimeMs = 0] = from.slice(at, at + 3);
      const isBefore = (known: AccumulatedPoint) =>
        sign * (arrivalTimeMs - known.arrivalTimeMs || value - known.value) > 0;
      this.#take({ eventTimeMs, value, arrivalTimeMs }, isBefore);
    }
  }

  encode(): number[] {
    const { points } = this;
    if (!points) return overflown;
    return points.flatMap((point) => [point.eventTimeMs, point.value, point.arrivalTimeMs]);
  }

  #take(point: AccumulatedPoint, replaces: (known: AccumulatedPoint) => boolean): void {
    if (this.#isOverflown) return;
    if (this.#duplicates !== 'count') {
      const index = this.#indexes.get(point.eventTimeMs);
      const known = index === undefined ? undefined : this.#points[index];
      if (index !== undefined && known) {
        if (replaces(known)) this.#points[index] = point;
        return;
      }
      this.#indexes.set(point.eventTimeMs, this.#points.length);
    }
    const { eventTimeMs, value, arrivalTimeMs } = point;
    this.#points.push({ eventTimeMs, value, arrivalTimeMs });
    if (this.#points.length > listPointsMax) this.#overflow();
  }

  #overflow(): void {
    this.#isOverflown = true;
    this.#points = [];
    this.#indexes.clear();
  }
}

/**
 * How much a counter has risen between the first and the last point. Any fall is a reset to zero:
 * what it shows then has been added since.
 *
 * @param points in the order of event times
 */
export function counterDelta(points: readonly AccumulatedPoint[]): number {
  let delta = 0;
  for (const [index, { value }] of points.entries()) {
    if (index === 0) continue;
    const before = points[index - 1]?.value ?? value;
    delta += value >= before ? value - before : value;
  }
  return delta;
}

/**
 * How much a counter has risen a second, from the first to the last point.
 *
 * @returns undefined when all points are of one time
 */
export function counterRate(points: readonly AccumulatedPoint[]): number | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || first.eventTimeMs === last.eventTimeMs) return undefined;
  return counterDelta(points) / ((last.eventTimeMs - first.eventTimeMs) / 1000);
}

/**
 * The average of a value that holds from its point to the next one, the last until the window's end,
 * weighted by time. What held before the first point of the window is not known and does not count.
 */
export function timeWeightedAverage(
  points: readonly AccumulatedPoint[],
  endMs: number,
): number | undefined {
  const [first] = points;
  if (!first) return undefined;
  let area = 0;
  for (const [index, { eventTimeMs, value }] of points.entries()) {
    area += value * ((points[index + 1]?.eventTimeMs ?? endMs) - eventTimeMs);
  }
  return area / (endMs - first.eventTimeMs);
}
