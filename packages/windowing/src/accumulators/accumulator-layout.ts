import type {
  AccumulatedPoint,
  CellComponent,
  Cells,
  ListState,
  PointsOfState,
} from './component.ts';
import {
  cellComponents,
  listComponents,
  possibleLists,
  type CellName,
  type ListName,
} from './components.ts';
import { PointList, type Duplicates } from './point-list.ts';
import type { Aggregate } from './aggregate.ts';
import { resultOf, type AggregateResult, type Read } from './aggregate-result.ts';
import type { TimeWindow } from '../time-window.ts';

/** Many times what a sum in two doubles can be off by. */
const meanSlack = 1e-6;

/** The component that an aggregate is read from; the count needs none. */
const componentOf: Readonly<Record<Aggregate, CellName | ListName | undefined>> = {
  avg: 'sum',
  count: undefined,
  sum: 'sum',
  min: 'min',
  max: 'max',
  stddev: 'moments',
  variance: 'moments',
  stddev_population: 'moments',
  variance_population: 'moments',
  first: 'first',
  last: 'last',
  delta: 'points',
  rate: 'points',
  time_weighted_avg: 'points',
  p50: 'bins',
  p75: 'bins',
  p90: 'bins',
  p95: 'bins',
  p99: 'bins',
  p999: 'bins',
  distinct: 'distinct',
};

/** Aggregates whose result is one of the values, or a sum of them: BIGINT where all values are. */
const wholeIfAllAre: ReadonlySet<Aggregate> = new Set(['sum', 'min', 'max', 'first', 'last']);

/** The state of one row, on its own. */
export interface Accumulator {
  readonly cells: Cells;
  readonly lists: readonly ListState[];
}

/**
 * The layout of the mergeable state of a set of aggregates, in cells and lists. Merging is associative
 * and commutative, within the limits of each component, so the order of shards and of points does not
 * matter.
 *
 * If duplicates are not counted, the state is the list of points, and everything is computed from the
 * remaining points.
 */
export class AccumulatorLayout {
  readonly cellsCount: number;
  /** Whether the state distinguishes integers beyond 2^53, and BIGINT from DOUBLE. */
  readonly isExact: boolean;
  readonly #aggregates: readonly Aggregate[];
  readonly #cells: readonly { readonly component: CellComponent; readonly at: number }[];
  readonly #cellsAt: ReadonlyMap<string, number>;
  readonly #lists: readonly ListName[];
  readonly #duplicates: Duplicates;
  /** How the points are folded that are left of duplicates. */
  readonly #inner: AccumulatorLayout | undefined;

  constructor(wanted: readonly Aggregate[], duplicates: Duplicates = 'count') {
    this.#aggregates = wanted;
    this.#duplicates = duplicates;
    this.#inner = duplicates === 'count' ? undefined : new AccumulatorLayout(wanted);
    const mayBeWhole = wanted.some((aggregate) => wholeIfAllAre.has(aggregate));
    const isWanted = (name: string) =>
      !this.#inner &&
      (name === 'fractions'
        ? mayBeWhole
        : wanted.some((aggregate) => componentOf[aggregate] === name));
    const cellsAt = new Map<string, number>();
    const cells = [];
    let at = 0;
    for (const [name, component] of Object.entries(cellComponents)) {
      if (!isWanted(name)) continue;
      cellsAt.set(name, at);
      cells.push({ component, at });
      at += component.cellsCount;
    }
    this.cellsCount = at;
    this.#cells = cells;
    this.#cellsAt = cellsAt;
    this.#lists = (Object.keys(listComponents) as ListName[]).filter(isWanted);
    this.isExact = this.#inner !== undefined || mayBeWhole || isWanted('points');
  }

  /** Whether every point folded in was a BIGINT, as far as the aggregates need to know. */
  isWhole({ cells, lists: [list] }: Accumulator): boolean {
    if (this.#inner) return list instanceof PointList && (list.points ?? []).every(isBigint);
    const at = this.#cellsAt.get('fractions');
    return at !== undefined && cells[at] === 0;
  }

  /** Whether rows have more state than their cells. */
  get hasLists(): boolean {
    return this.listsCount > 0;
  }

  get listsCount(): number {
    return this.#inner ? 1 : this.#lists.length;
  }

  /** Makes the cells from `base` on the state of no points. */
  clear(cells: Cells, base: number): void {
    for (const { component, at } of this.#cells) component.clear(cells, base + at);
  }

  /** The state of a row in addition to its cells. */
  newLists(): readonly ListState[] {
    if (this.#inner) return [new PointList(this.#duplicates)];
    return this.#lists.map((name) => listComponents[name]());
  }

  /** Folds one point in. */
  add(cells: Cells, base: number, lists: readonly ListState[], point: AccumulatedPoint): void {
    for (const { component, at } of this.#cells) component.add(cells, base + at, point);
    for (const list of lists) list.add(point);
  }

  /** A state on its own, of no points. */
  create(): Accumulator {
    const cells: number[] = [];
    for (let at = 0; at < this.cellsCount; at++) cells.push(0);
    this.clear(cells, 0);
    return { cells, lists: this.newLists() };
  }

  /** The state as plain numbers: the cells, then each list behind its length. */
  encode(cells: Cells, base: number, lists: readonly ListState[]): number[] {
    const encoded: number[] = [];
    for (let at = base; at < base + this.cellsCount; at++) encoded.push(cells[at] as number);
    for (const list of lists) {
      const numbers = list.encode();
      encoded.push(numbers.length);
      for (const number of numbers) encoded.push(number);
    }
    return encoded;
  }

  /** Whether numbers have the form that `encode` of this layout gives. */
  accepts(encoded: readonly number[]): boolean {
    let at = this.cellsCount;
    const names = this.#inner ? (['points'] as const) : this.#lists;
    for (const name of names) {
      const length = encoded[at] ?? Number.NaN;
      if (!Number.isInteger(length) || length < 0) return false;
      if (name === 'points' && !PointList.mayHaveLength(length)) return false;
      at += 1 + length;
    }
    return at === encoded.length;
  }

  /**
   * Whether any points can result in the state that these numbers encode. An impossible state is not
   * merged into that of others.
   */
  isPossible(encoded: readonly number[], points: PointsOfState): boolean {
    for (const { component, at } of this.#cells) {
      if (!component.isPossible(encoded as number[], at, points)) return false;
    }
    if (!this.#isMeanPossible(encoded, points.contributions)) return false;
    let at = this.cellsCount;
    for (const name of this.#inner ? (['points'] as const) : this.#lists) {
      const length = encoded[at] ?? 0;
      const list = encoded.slice(at + 1, at + 1 + length);
      const isPossible =
        name === 'points'
          ? PointList.isPossible(list, points, this.#duplicates)
          : possibleLists[name](list, points);
      if (!isPossible) return false;
      at += 1 + length;
    }
    return true;
  }

  /** Whether the average lies between the least and the greatest value, where all three are kept. */
  #isMeanPossible(encoded: readonly number[], contributions: number): boolean {
    const cell = (name: CellName) => encoded[this.#cellsAt.get(name) ?? Number.NaN];
    const [sumOf, min, max] = [cell('sum'), cell('min'), cell('max')];
    if (min === undefined || max === undefined) return true;
    if (min > max) return false;
    if (sumOf === undefined || Number.isNaN(sumOf)) return true;
    const mean = sumOf / contributions;
    const slack = meanSlack * Math.max(Math.abs(min), Math.abs(max));
    return mean >= min - slack && mean <= max + slack;
  }

  /** Folds in what `encode` gave for another state of the same layout. */
  merge({ cells, lists }: Accumulator, from: readonly number[]): void {
    for (const { component, at } of this.#cells) component.merge(cells, at, from, at);
    let at = this.cellsCount;
    for (const list of lists) {
      const length = from[at] ?? 0;
      list.merge(from.slice(at + 1, at + 1 + length));
      at += 1 + length;
    }
  }

  /** Folds the cells of one state into another. */
  mergeCells(into: Cells, base: number, from: Cells, fromBase: number): void {
    for (const { component, at } of this.#cells) {
      component.merge(into, base + at, from, fromBase + at);
    }
  }

  /** Folds in another state of the same layout, as it lies in cells and lists. */
  mergeState(into: Accumulator, cells: Cells, base: number, lists: readonly ListState[]): void {
    this.mergeCells(into.cells, 0, cells, base);
    for (const [index, list] of lists.entries()) into.lists[index]?.merge(list.encode());
  }

  /**
   * The aggregates' values, in their order.
   *
   * @param count how many points were folded in, at least 1
   * @returns undefined where an aggregate has no value; not finite where it left the range of
   *   doubles, or its list the bound
   */
  results(accumulator: Accumulator, count: number, window: TimeWindow): readonly AggregateResult[] {
    if (this.#inner) return this.#resultsOfPoints(this.#inner, accumulator, window);
    const read: Read = {
      count,
      window,
      cells: accumulator.cells,
      at: (name: CellName) => this.#cellsAt.get(name) ?? 0,
      list: (name: ListName) => accumulator.lists[this.#lists.indexOf(name)],
    };
    return this.#aggregates.map((aggregate) => resultOf(aggregate, read));
  }

  #resultsOfPoints(
    inner: AccumulatorLayout,
    { lists: [list] }: Accumulator,
    window: TimeWindow,
  ): readonly AggregateResult[] {
    const points = list instanceof PointList ? list.points : undefined;
    if (!points) return this.#aggregates.map(() => Number.NaN);
    const state = inner.create();
    for (const point of points) inner.add(state.cells, 0, state.lists, point);
    return inner.results(state, points.length, window);
  }
}

function isBigint({ isWhole }: AccumulatedPoint): boolean {
  return isWhole;
}
