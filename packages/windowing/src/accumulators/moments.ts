import type { CellComponent, Cells } from './component.ts';

/**
 * Number, mean, and sum of the squared differences from it, from which variances are computed. Stable
 * if the values are large and their differences small. Merging is associative and commutative except
 * for rounding. The fold over shards is in the order of the sources, so every replay rounds equally.
 *
 * @see B. P. Welford, 1962; T. F. Chan, G. H. Golub, R. J. LeVeque, 1983 (for merging)
 */
export const moments: CellComponent = {
  cellsCount: 3,
  clear(cells, at) {
    cells.fill(0, at, at + 3);
  },
  add(cells, at, { value }) {
    mergeMoments(cells, at, 1, value, 0);
  },
  merge(cells, at, from, fromAt) {
    const count = from[fromAt] ?? 0;
    const mean = from[fromAt + 1] ?? Number.NaN;
    const squares = from[fromAt + 2] ?? Number.NaN;
    if (count > 0) mergeMoments(cells, at, count, mean, squares);
  },
  isPossible: (cells, at, { contributions }) =>
    cells[at] === contributions && !((cells[at + 2] ?? 0) < 0),
};

function mergeMoments(
  cells: Cells,
  at: number,
  count: number,
  mean: number,
  squares: number,
): void {
  const knownCount = cells[at] ?? 0;
  const knownMean = knownCount === 0 ? mean : (cells[at + 1] ?? 0);
  const total = knownCount + count;
  const difference = mean - knownMean;
  cells[at] = total;
  cells[at + 1] = knownMean + (difference * count) / total;
  cells[at + 2] =
    (cells[at + 2] ?? 0) + squares + (difference * difference * knownCount * count) / total;
}

/**
 * The variance of the values.
 *
 * @param lessOne 1 for a sample, 0 for the whole population
 * @returns undefined for a sample of one, which has none
 */
export function variance(cells: Cells, at: number, lessOne: 0 | 1): number | undefined {
  const degrees = (cells[at] ?? 0) - lessOne;
  return degrees > 0 ? (cells[at + 2] ?? Number.NaN) / degrees : undefined;
}
