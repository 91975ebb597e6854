import { isLarger, isValue, type CellComponent, type Cells } from './component.ts';

/** The smallest or the largest value, exact for every BIGINT: rounded, and the rounding error. */
export function extreme(which: 'min' | 'max'): CellComponent {
  const isFurther =
    which === 'max'
      ? isLarger
      : (value: number, rest: number, than: number, thanRest: number) =>
          isLarger(than, thanRest, value, rest);
  const take = (cells: Cells, at: number, value: number, rest: number): void => {
    if (!isFurther(value, rest, cells[at] ?? 0, cells[at + 1] ?? 0)) return;
    cells[at] = value;
    cells[at + 1] = rest;
  };
  return {
    cellsCount: 2,
    clear(cells, at) {
      cells[at] = which === 'max' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
      cells[at + 1] = 0;
    },
    add(cells, at, { value, rest }) {
      take(cells, at, value, rest);
    },
    merge(cells, at, from, fromAt) {
      take(cells, at, from[fromAt] ?? Number.NaN, from[fromAt + 1] ?? Number.NaN);
    },
    isPossible: (cells, at) => isValue(cells[at], cells[at + 1]),
  };
}
