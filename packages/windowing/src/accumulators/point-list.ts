import {
  isLarger,
  isValue,
  type AccumulatedPoint,
  type ListState,
  type PointsOfState,
} from './component.ts';

/**
 * The meaning of points with the same series and event time: each is a point, or only the first or
 * the last one counts.
 */
export type Duplicates = 'count' | 'ignore' | 'replace';

/** Maximum points in a list. A row that needs more has no result. */
export const listPointsMax = 4_096;

/** Represents a list that exceeds its limit. */
const overflown = [-1];

/** Numbers of a point: event time, value, arrival time, and the rest of an exact value. */
const place = { eventTimeMs: 0, value: 1, arrivalTimeMs: 2, exact: 3 } as const;
const stride = Object.keys(place).length;
const pointsMin = 4;

/**
 * The points of a row themselves, for aggregates that depend on their order, and to find
 * duplicates. Kept until the window is cleaned up, with 32 to 64 bytes each, at most
 * `listPointsMax` per row. Above that limit, results that depend on the list are omitted, never
 * wrong.
 *
 * `ignore` keeps the duplicate that arrived first, and `replace` the one that arrived last. At
 * equal arrival times, they keep the first or the last of its shard, and between shards the smaller
 * or the larger value.
 */
export class PointList implements ListState {
  readonly #duplicates: Duplicates;
  /** In the order of event times, then of values: independent of the order of arrival. */
  #numbers = new Float64Array(pointsMin * stride);
  #count = 0;
  #isOverflown = false;

  constructor(duplicates: Duplicates) {
    this.#duplicates = duplicates;
  }

  /** Whether `encode` can return this many numbers. */
  static mayHaveLength(length: number): boolean {
    return length % stride === 0 || length === overflown.length;
  }

  /** Whether points can result in a state that `encode` returned. */
  static isPossible(
    encoded: readonly number[],
    { contributions, window }: PointsOfState,
    duplicates: Duplicates,
  ): boolean {
    if (encoded.length === overflown.length) {
      return encoded[0] === overflown[0] && contributions > listPointsMax;
    }
    const count = encoded.length / stride;
    const isCount = duplicates === 'count' ? count === contributions : count <= contributions;
    if (!isCount || count === 0 || count > listPointsMax) return false;
    let beforeMs = window.startMs;
    for (let at = 0; at < encoded.length; at += stride) {
      const { eventTimeMs, value, rest, arrivalTimeMs } = pointAt(encoded, at);
      if (!(eventTimeMs >= beforeMs && eventTimeMs < window.endMs)) return false;
      if (!isValue(value, rest) || !Number.isFinite(arrivalTimeMs)) return false;
      beforeMs = eventTimeMs;
    }
    return true;
  }

  /** In the order of event times, then of values; undefined when there were too many. */
  get points(): readonly AccumulatedPoint[] | undefined {
    if (this.#isOverflown) return undefined;
    return Array.from({ length: this.#count }, (_, index) => this.#at(index));
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
    for (let at = 0; at + stride <= from.length; at += stride) {
      const point = pointAt(from, at);
      this.#take(point, (known) => {
        const laterMs = point.arrivalTimeMs - known.arrivalTimeMs;
        if (laterMs !== 0) return sign * laterMs > 0;
        return sign > 0 ? isBelow(known, point) : isBelow(point, known);
      });
    }
  }

  encode(): number[] {
    return this.#isOverflown ? overflown : Array.from(this.#numbers.subarray(0, this.#end));
  }

  get #end(): number {
    return this.#count * stride;
  }

  #at(index: number): AccumulatedPoint {
    return pointAt(this.#numbers, index * stride);
  }

  #take(point: AccumulatedPoint, replaces: (known: AccumulatedPoint) => boolean): void {
    if (this.#isOverflown) return;
    const index = this.#placeOf(point);
    if (this.#duplicates !== 'count' && index < this.#count) {
      const known = this.#at(index);
      if (known.eventTimeMs === point.eventTimeMs) {
        if (replaces(known)) this.#set(index, point);
        return;
      }
    }
    if (this.#count === listPointsMax) return this.#overflow();
    if (this.#end === this.#numbers.length) this.#grow();
    this.#numbers.copyWithin((index + 1) * stride, index * stride, this.#end);
    this.#count += 1;
    this.#set(index, point);
  }

  /** The first place of a point that is not before this one: mostly the end. */
  #placeOf(point: AccumulatedPoint): number {
    let [low, high] = [0, this.#count];
    if (high > 0 && this.#isBefore(this.#at(high - 1), point)) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#isBefore(this.#at(middle), point)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Where duplicates do not count there is one point of a time, and only the time decides. */
  #isBefore(a: AccumulatedPoint, b: AccumulatedPoint): boolean {
    if (a.eventTimeMs !== b.eventTimeMs) return a.eventTimeMs < b.eventTimeMs;
    if (this.#duplicates !== 'count') return false;
    if (isBelow(a, b) || isBelow(b, a)) return isBelow(a, b);
    return a.arrivalTimeMs < b.arrivalTimeMs;
  }

  #set(
    index: number,
    { eventTimeMs, value, arrivalTimeMs, rest, isWhole }: AccumulatedPoint,
  ): void {
    const at = index * stride;
    this.#numbers[at + place.eventTimeMs] = eventTimeMs;
    this.#numbers[at + place.value] = value;
    this.#numbers[at + place.arrivalTimeMs] = arrivalTimeMs;
    // 0 for a DOUBLE; the rest of a BIGINT, which is whole, doubled to leave room for the one.
    this.#numbers[at + place.exact] = isWhole ? 2 * rest + 1 : 0;
  }

  #grow(): void {
    const grown = new Float64Array(this.#numbers.length * 2);
    grown.set(this.#numbers);
    this.#numbers = grown;
  }

  #overflow(): void {
    this.#isOverflown = true;
    this.#numbers = new Float64Array();
    this.#count = 0;
  }
}

/** The order of values. If they are equal, a DOUBLE comes first, so the order is total. */
function isBelow(a: AccumulatedPoint, b: AccumulatedPoint): boolean {
  if (a.value === b.value && a.rest === b.rest) return !a.isWhole && b.isWhole;
  return isLarger(b.value, b.rest, a.value, a.rest);
}

function pointAt(numbers: ArrayLike<number>, at: number): AccumulatedPoint {
  const exact = numbers[at + place.exact] ?? 0;
  const isWhole = exact !== 0;
  return {
    eventTimeMs: numbers[at + place.eventTimeMs] ?? 0,
    value: numbers[at + place.value] ?? Number.NaN,
    arrivalTimeMs: numbers[at + place.arrivalTimeMs] ?? 0,
    rest: isWhole ? (exact - 1) / 2 : 0,
    isWhole,
  };
}

/** The part of a point that results use. */
type ReadPoint = Pick<AccumulatedPoint, 'value' | 'eventTimeMs'>;

/**
 * The rise of a counter between the first and the last point. Any fall counts as a reset to zero: the
 * value after it has been added since.
 *
 * @param points in the order of event times
 */
export function counterDelta(points: readonly ReadPoint[]): number {
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
export function counterRate(points: readonly ReadPoint[]): number | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || first.eventTimeMs === last.eventTimeMs) return undefined;
  return counterDelta(points) / ((last.eventTimeMs - first.eventTimeMs) / 1000);
}

/**
 * The average of a value that lasts from its point to the next one, and the last one until the window's
 * end, weighted by time. The value before the first point is unknown and does not count.
 */
export function timeWeightedAverage(
  points: readonly ReadPoint[],
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
