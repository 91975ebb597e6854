import type { CellComponent } from './component.ts';

/**
 * The smallest or the largest value.
 *
 * @param nothing what any value replaces
 */
export function extreme(pick: (a: number, b: number) => number, nothing: number): CellComponent {
  return {
    cellsCount: 1,
    clear(cells, at) {
      cells[at] = nothing;
    },
    add(cells, at, { value }) {
      cells[at] = pick(cells[at] ?? nothing, value);
    },
    merge(cells, at, from, fromAt) {
      cells[at] = pick(cells[at] ?? nothing, from[fromAt] ?? Number.NaN);
    },
  };
}
