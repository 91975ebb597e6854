import { AssertionError } from 'node:assert/strict';
import { describe, expect, it } from 'vitest';
import { foldPlaced, foldRow, joinSource, newViewRow, type View } from '../src/index.ts';
import { view } from './operator-harness.ts';

const window = { startMs: 1_700_000_000_000, endMs: 1_700_000_000_010 };
const series = {
  measureName: 'm',
  measureValueType: 'DOUBLE',
  dimensions: [{ name: 'key', value: 'a' }],
} as const;

/** The partial that one shard sends for some values. */
function partialOf(of: View, source: string, values: readonly number[]) {
  const { cells, lists } = of.layout.create();
  for (const value of values) {
    const point = { value, rest: 0, isWhole: false, eventTimeMs: window.startMs, arrivalTimeMs: 0 };
    of.layout.add(cells, 0, lists, point);
  }
  const accumulator = of.layout.encode(cells, 0, lists);
  const contributions = values.length;
  return { source, accumulator, contributions, lateContributions: 0, newestArrivalTimeMs: 0 };
}

describe('the rows of a view row', () => {
  it('have the bounds of their window as dimensions, in the order of all names', () => {
    const of = view();
    const [row] = foldRow({ view: of, series, window }, [partialOf(of, 's', [1])], 'complete').rows;
    expect(row?.dimensions).toEqual([
      { name: 'key', value: 'a' },
      { name: 'window_end', value: '2023-11-14 22:13:20.010' },
      { name: 'window_start', value: '2023-11-14 22:13:20.000' },
    ]);
  });

  it('lack the aggregates that left the range of doubles, and name them', () => {
    const of = view({ aggregates: ['sum', 'max', 'stddev'] });
    const fold = (...values: number[]) =>
      foldRow({ view: of, series, window }, [partialOf(of, 's', values)], 'complete');
    const { rows, values, notFinite, isSumRounded } = fold(1e308, 1e308);
    expect(notFinite).toEqual(['sum']);
    expect(values).toEqual([undefined, 1e308, 0]);
    expect(rows).toHaveLength(2);
    expect(isSumRounded).toBe(false);
    // The deviation of one point has no value, which is not an error.
    expect(fold(1)).toMatchObject({
      notFinite: [],
      values: [1, 1, undefined],
      isSumRounded: false,
    });
  });

  it('require at least one partial; otherwise, it is a bug', () => {
    expect(() => foldRow({ view: view(), series, window }, [], 'complete')).toThrow(AssertionError);
  });

  it('round the same in whatever order their sources reported', () => {
    const of = view({ aggregates: ['variance'] });
    const partials = [
      partialOf(of, 'a', [0.1, 0.7]),
      partialOf(of, 'b', [1e8 + 0.3, 5]),
      partialOf(of, 'c', [-3e5, 1 / 3, 1e-3]),
    ];
    const inOrder = (indexes: readonly number[]) =>
      indexes.map((index) => partials[index]).filter((partial) => partial !== undefined);
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ].map(inOrder);
    const heard = orders.map((order) => {
      const row = newViewRow(series, 'complete');
      for (const partial of order) joinSource(row, partial);
      return foldPlaced({ place: { view: of, window, cleanupMs: 0 }, row }).values[0];
    });
    expect(new Set(heard).size).toBe(1);
    // Left in the order in which they were heard, they would not.
    const asHeard = orders.map(
      (order) => foldRow({ view: of, series, window }, order, 'complete').values[0],
    );
    expect(new Set(asHeard).size).toBeGreaterThan(1);
  });
});
