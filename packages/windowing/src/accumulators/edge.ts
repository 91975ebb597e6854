import { isLarger, isValue, type CellComponent, type Cells } from './component.ts';

/**
 * The value of the first or the last point by event time. Of points of one time, the first or the
 * last of its shard in the order of sequence numbers; between shards, whose numbers have no order,
 * the smaller or the larger value, so that merging is associative and commutative. The value is in two
 * cells, exact for every BIGINT.
 */
export function edge(which: 'first' | 'last'): CellComponent {
  const sign = which === 'last' ? 1 : -1;
  const take = (cells: Cells, at: number, timeMs: number, value: number, rest: number): void => {
    cells[at] = timeMs;
    cells[at + 1] = value;
    cells[at + 2] = rest;
  };
  return {
    cellsCount: 3,
    clear(cells, at) {
      take(cells, at, sign * Number.NEGATIVE_INFINITY, 0, 0);
    },
    add(cells, at, { eventTimeMs, value, rest }) {
      const ahead = sign * (eventTimeMs - (cells[at] ?? 0));
      // Points of a shard arrive in the order of their sequence numbers.
      if (ahead > 0 || (ahead === 0 && which === 'last')) take(cells, at, eventTimeMs, value, rest);
    },
    merge(cells, at, from, fromAt) {
      const timeMs = from[fromAt] ?? Number.NaN;
      const value = from[fromAt + 1] ?? Number.NaN;
      const ahead = sign * (timeMs - (cells[at] ?? 0));
      const rest = from[fromAt + 2] ?? Number.NaN;
      const [known, knownRest] = [cells[at + 1] ?? 0, cells[at + 2] ?? 0];
      const isFurther =
        which === 'last'
          ? isLarger(value, rest, known, knownRest)
          : isLarger(known, knownRest, value, rest);
      if (ahead > 0 || (ahead === 0 && isFurther)) take(cells, at, timeMs, value, rest);
    },
    isPossible(cells, at, { window }) {
      const timeMs = cells[at] ?? Number.NaN;
      const isWithin = timeMs >= window.startMs && timeMs < window.endMs;
      return isWithin && isValue(cells[at + 1], cells[at + 2]);
    },
  };
}
