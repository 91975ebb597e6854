import type { CellComponent } from './component.ts';

/** Whether any point was not a BIGINT: then results that could be whole numbers are DOUBLE. */
export const fractions: CellComponent = {
  cellsCount: 1,
  clear(cells, at) {
    cells[at] = 0;
  },
  add(cells, at, { isWhole }) {
    if (!isWhole) cells[at] = 1;
  },
  merge(cells, at, from, fromAt) {
    if (from[fromAt] !== 0) cells[at] = 1;
  },
  isPossible: (cells, at) => cells[at] === 0 || cells[at] === 1,
};
