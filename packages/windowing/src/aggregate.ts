import assert from 'node:assert/strict';
import { extreme, sum, type Component } from './component.ts';

/** What a view can compute. */
export const aggregates = ['avg', 'count', 'sum', 'min', 'max'] as const;
export type Aggregate = (typeof aggregates)[number];

type ComponentName = 'sum' | 'min' | 'max';

const components: Readonly<Record<ComponentName, Component>> = {
  sum,
  min: extreme(Math.min, Number.POSITIVE_INFINITY),
  max: extreme(Math.max, Number.NEGATIVE_INFINITY),
};

/** The component that an aggregate's result is read from; the count needs none. */
const componentOf: Readonly<Record<Aggregate, ComponentName | undefined>> = {
  avg: 'sum',
  count: undefined,
  sum: 'sum',
  min: 'min',
  max: 'max',
};

/** Cells that hold numbers: a column of typed state, or an accumulator off the wire. */
export type Cells = Float64Array | number[];

/**
 * How the mergeable state of a set of aggregates lies in cells. Merging is associative and
 * commutative, so the order of shards and of points does not matter.
 */
export class AccumulatorLayout {
  readonly cellsCount: number;
  readonly #parts: readonly { readonly component: Component; readonly at: number }[];
  readonly #offsets: ReadonlyMap<ComponentName, number>;

  constructor(wanted: readonly Aggregate[]) {
    const names = (Object.keys(components) as ComponentName[]).filter((name) =>
      wanted.some((aggregate) => componentOf[aggregate] === name),
    );
    const offsets = new Map<ComponentName, number>();
    let at = 0;
    for (const name of names) {
      offsets.set(name, at);
      at += components[name].cellsCount;
    }
    this.cellsCount = at;
    this.#offsets = offsets;
    this.#parts = names.map((name) => ({
      component: components[name],
      at: offsets.get(name) ?? 0,
    }));
  }

  /** Makes the cells from `base` on an accumulator of no values. */
  clear(cells: Cells, base: number): void {
    for (const { component, at } of this.#parts) component.clear(cells, base + at);
  }

  /** Folds one value in. */
  add(cells: Cells, base: number, value: number): void {
    for (const { component, at } of this.#parts) component.add(cells, base + at, value);
  }

  /** Folds another accumulator of the same layout in. */
  merge(cells: Cells, base: number, from: readonly number[]): void {
    assert.equal(from.length, this.cellsCount, 'accumulators of one layout have as many cells');
    for (const { component, at } of this.#parts) component.merge(cells, base + at, from, at);
  }

  /**
   * The aggregate's value.
   *
   * @param count how many values were folded in, at least 1
   * @returns not finite when a sum went beyond the range of doubles
   */
  result(aggregate: Aggregate, cells: Cells, count: number): number {
    if (aggregate === 'count') return count;
    const name = componentOf[aggregate];
    const at = name === undefined ? undefined : this.#offsets.get(name);
    assert(at !== undefined, `the layout has no cells for ${aggregate}`);
    const value = cells[at] ?? Number.NaN;
    return aggregate === 'avg' ? value / count : value;
  }
}
