/** A mergeable piece of state that aggregates are computed from, in some cells of an array. */
export interface Component {
  readonly cellsCount: number;
  clear(cells: Float64Array | number[], at: number): void;
  add(cells: Float64Array | number[], at: number, value: number): void;
  merge(cells: Float64Array | number[], at: number, from: readonly number[], fromAt: number): void;
}

/**
 * A sum in two doubles: the rounded sum, and what rounding left out. Exact, and so independent of
 * order, while the bits of all values and of their sum lie within about 106 binary places: decimal
 * readings of one measure do.
 *
 * @see T. J. Dekker, "A floating-point technique for extending the available precision", 1971
 */
export const sum: Component = {
  cellsCount: 2,
  clear(cells, at) {
    cells[at] = 0;
    cells[at + 1] = 0;
  },
  add(cells, at, value) {
    const high = cells[at] ?? 0;
    const total = high + value;
    const part = total - high;
    const error = high - (total - part) + (value - part);
    const low = (cells[at + 1] ?? 0) + error;
    const rounded = total + low;
    cells[at] = rounded;
    cells[at + 1] = low - (rounded - total);
  },
  merge(cells, at, from, fromAt) {
    this.add(cells, at, from[fromAt] ?? Number.NaN);
    this.add(cells, at, from[fromAt + 1] ?? Number.NaN);
  },
};

/**
 * The smallest or the largest value.
 *
 * @param nothing what any value replaces
 */
export function extreme(pick: (a: number, b: number) => number, nothing: number): Component {
  return {
    cellsCount: 1,
    clear(cells, at) {
      cells[at] = nothing;
    },
    add(cells, at, value) {
      cells[at] = pick(cells[at] ?? nothing, value);
    },
    merge(cells, at, from, fromAt) {
      cells[at] = pick(cells[at] ?? nothing, from[fromAt] ?? Number.NaN);
    },
  };
}
