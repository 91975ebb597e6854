import type { CellComponent, Cells } from './component.ts';

/**
 * A sum in two doubles: the rounded sum, and the rounding error. Exact, and so independent of order,
 * while the bits of all values and of their sum lie within about 106 binary places. Decimal readings
 * of one measure fit.
 *
 * @see T. J. Dekker, "A floating-point technique for extending the available precision", 1971
 */
export const sum: CellComponent = {
  cellsCount: 2,
  clear(cells, at) {
    cells[at] = 0;
    cells[at + 1] = 0;
  },
  add(cells, at, { value, rest }) {
    addValue(cells, at, value);
    if (rest !== 0) addValue(cells, at, rest);
  },
  merge(cells, at, from, fromAt) {
    addValue(cells, at, from[fromAt] ?? Number.NaN);
    addValue(cells, at, from[fromAt + 1] ?? Number.NaN);
  },
  isPossible(cells, at) {
    const [high = 0, low = 0] = [cells[at], cells[at + 1]];
    // The rounding error is small next to the sum. Beyond the range of doubles, both are lost.
    return Number.isNaN(high) || Math.abs(low) <= Math.abs(high) * restShareMax;
  },
};

/** Many times what rounding leaves out, 2^-53. */
const restShareMax = 2 ** -30;

function addValue(cells: Cells, at: number, value: number): void {
  const high = cells[at] ?? 0;
  const total = high + value;
  const part = total - high;
  const error = high - (total - part) + (value - part);
  const low = (cells[at + 1] ?? 0) + error;
  const rounded = total + low;
  cells[at] = rounded;
  cells[at + 1] = low - (rounded - total);
}
