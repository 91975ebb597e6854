import type { TimeWindow } from '../time-window.ts';

/** Cells that hold numbers: a column of typed state, or an accumulator off the wire. */
export type Cells = Float64Array | number[];

/** The part of a point that accumulators use. */
export interface AccumulatedPoint {
  /** The value, rounded to a double. */
  readonly value: number;
  /** The rounding error: `value + rest` is the exact value. Not 0 only beyond 2^53. */
  readonly rest: number;
  /** Whether it is a BIGINT. */
  readonly isWhole: boolean;
  readonly eventTimeMs: number;
  readonly arrivalTimeMs: number;
}

/** The known facts about the points in a state. */
export interface PointsOfState {
  readonly contributions: number;
  readonly window: TimeWindow;
}

/** Whether a value is larger than another, both with what rounding left out of them. */
export function isLarger(value: number, rest: number, than: number, thanRest: number): boolean {
  return value > than || (value === than && rest > thanRest);
}

/** A mergeable piece of state of fixed size, in some cells of an array. */
export interface CellComponent {
  readonly cellsCount: number;
  clear(cells: Cells, at: number): void;
  add(cells: Cells, at: number, point: AccumulatedPoint): void;
  merge(cells: Cells, at: number, from: Float64Array | readonly number[], fromAt: number): void;
  /** Whether any points can make this state. Values beyond the range of doubles are NaN. */
  isPossible(cells: Cells, at: number, points: PointsOfState): boolean;
}

/** A mergeable piece of state that grows with what it has seen, up to a bound of its own. */
export interface ListState {
  add(point: AccumulatedPoint): void;
  /** @param from what `encode` of another state of its kind gave, perhaps on another machine */
  merge(from: readonly number[]): void;
  /** Equal states encode alike. */
  encode(): number[];
}

/** Whether numbers can be a value in cells: a double, and the rounding error of a BIGINT. */
export function isValue(value: number | undefined, rest: number | undefined): boolean {
  return Number.isFinite(value) && rest !== undefined && Math.abs(rest) <= restMax;
}

/** Half of the distance of doubles below 2^63. */
const restMax = 512;
