import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AccumulatorLayout } from '../src/accumulators/accumulator-layout.ts';
import { aggregates, type Aggregate } from '../src/accumulators/aggregate.ts';
import type { AccumulatedPoint } from '../src/accumulators/component.ts';
import { listPointsMax } from '../src/accumulators/point-list.ts';

const window = { startMs: 100, endMs: 200 };

function fold(layout: AccumulatorLayout, points: readonly AccumulatedPoint[]): number[] {
  const { cells, lists } = layout.create();
  for (const point of points) layout.add(cells, 0, lists, point);
  return layout.encode(cells, 0, lists);
}

const anyPoint: fc.Arbitrary<AccumulatedPoint> = fc
  .record({
    value: fc.oneof(
      fc.constantFrom(0, 1e300, -1e300),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    ),
    eventTimeMs: fc.constantFrom(100, 150, 151, 199),
    arrivalTimeMs: fc.nat(500),
  })
  .map((point) => ({ ...point, rest: 0, isWhole: false }));

describe('the state of an accumulator', () => {
  it.each(['count', 'ignore', 'replace'] as const)(
    'is possible whatever points made it (duplicates: %s)',
    (duplicates) => {
      const layout = new AccumulatorLayout(aggregates, duplicates);
      fc.assert(
        fc.property(fc.array(anyPoint, { minLength: 1, maxLength: 20 }), (points) => {
          const state = fold(layout, points);
          expect(layout.accepts(state)).toBe(true);
          expect(layout.isPossible(state, { contributions: points.length, window })).toBe(true);
        }),
      );
    },
  );

  it.each<readonly Aggregate[]>([
    ['avg', 'min'],
    ['avg', 'max'],
    ['avg', 'min', 'max'],
  ])(
    'is possible if its average is the only value, however it was rounded (%s, %s)',
    (...wanted) => {
      const layout = new AccumulatorLayout(wanted.filter((each) => each !== undefined));
      fc.assert(
        fc.property(anyPoint, fc.integer({ min: 1, max: 20 }), (point, contributions) => {
          const state = fold(layout, Array<AccumulatedPoint>(contributions).fill(point));
          expect(layout.isPossible(state, { contributions, window })).toBe(true);
        }),
      );
    },
  );

  it('is possible if a BIGINT is the furthest from its double', () => {
    const layout = new AccumulatorLayout(['min', 'max', 'first', 'last', 'delta']);
    const point = { value: 2 ** 63, rest: -512, isWhole: true, arrivalTimeMs: 1 };
    const state = fold(layout, [{ ...point, eventTimeMs: 100 }]);
    expect(layout.isPossible(state, { contributions: 1, window })).toBe(true);
  });
});

/** Two points, of the values 2 and 6, at the first and the last ms of the window. */
const [two, six] = [2, 6].map((value, index) => ({
  value,
  rest: 0,
  isWhole: false,
  eventTimeMs: index === 0 ? window.startMs : window.endMs - 1,
  arrivalTimeMs: 300,
})) as [AccumulatedPoint, AccumulatedPoint];

/** Whether a state of those two points is possible with one of its numbers changed. */
function isPossibleWith(wanted: readonly Aggregate[], at: number, changed: number): boolean {
  const layout = new AccumulatorLayout(wanted);
  const state = fold(layout, [two, six]);
  state[at] = changed;
  return layout.isPossible(state, { contributions: 2, window });
}

describe('a state that no points can make', () => {
  it.each<readonly [string, readonly Aggregate[], at: number, possible: number, not: number]>([
    ['an average below the least value', ['avg', 'min', 'max'], 0, 4, 3.9],
    ['an average above the greatest value', ['avg', 'min', 'max'], 0, 12, 12.1],
    ['a least value above the greatest', ['min', 'max'], 0, 6, 6.1],
    ['a sum whose rest is not small', ['sum'], 1, 8 * 2 ** -30, 8 * 2 ** -29],
    ['a least value that is no number', ['min'], 0, -1, Number.NaN],
    ['a greatest value without end', ['max'], 0, 7, Number.POSITIVE_INFINITY],
    ['a value too far from its double', ['max'], 1, 512, 513],
    ['a value too far below its double', ['min'], 1, -512, -513],
    ['a variance of fewer points', ['variance'], 0, 2, 1],
    ['squares below zero', ['variance'], 2, 0, -1],
    ['a first point before the window', ['first'], 0, window.startMs, window.startMs - 1],
    ['a last point at the end of the window', ['last'], 0, window.endMs - 1, window.endMs],
    ['a first value that is no number', ['first'], 1, 3, Number.NaN],
    ['a first value too far from its double', ['first'], 2, 512, 513],
    ['values that are neither whole nor not', ['min'], 2, 1, 0.5],
    ['a point before the window', ['delta'], 1, window.startMs, window.startMs - 1],
    ['points that are out of order', ['delta'], 1, window.endMs - 1, window.endMs],
    ['a point at the end of the window', ['delta'], 5, window.endMs - 1, window.endMs],
    ['a value in the list that is no number', ['delta'], 2, 9, Number.NaN],
    ['an arrival without a time', ['delta'], 3, 9, Number.NaN],
    ['a point whose value is too far from its double', ['delta'], 4, 1025, 1027],
    ['more zeros than its points', ['p50'], 1, 0, 1],
    ['fewer zeros than none', ['p50'], 1, 0, -1],
    ['more bins of positive values than bins', ['p50'], 2, 2, 3],
    ['fewer bins of positive values than none', ['p50'], 2, 0, -1],
    ['an empty bin', ['p50'], 4, 1, 0],
    ['a bin of more points than there are', ['p50'], 4, 1, 2],
    ['a bin between bins', ['p50'], 3, 7, 7.5],
    ['a register that is no whole number', ['distinct'], 1, 1, 1.5],
    ['a register of rank 0', ['distinct'], 1, 53, 64],
    ['a register of a rank beyond the last', ['distinct'], 1, 53, 54],
    ['a register beyond the last', ['distinct'], 2, 4_095 * 64 + 1, 4_096 * 64 + 1],
    ['registers out of order', ['distinct'], 2, 4_095 * 64 + 1, 1],
  ])('is rejected: %s', (_, wanted, at, possible, not) => {
    expect(isPossibleWith(wanted, at, possible)).toBe(true);
    expect(isPossibleWith(wanted, at, not)).toBe(false);
  });

  it('is rejected: an average of fewer points, above the maximum', () => {
    const layout = new AccumulatorLayout(['avg', 'min', 'max']);
    const state = fold(layout, [two, six]);
    // A sum that left the range of doubles is possible, and says nothing of the average.
    expect(isPossibleWith(['avg', 'min', 'max'], 0, Number.NaN)).toBe(true);
    expect(layout.isPossible(state, { contributions: 3, window })).toBe(true);
    expect(layout.isPossible(state, { contributions: 1, window })).toBe(false);
  });

  it('is rejected: a list of more or fewer points than were folded', () => {
    for (const [duplicates, possible, not] of [
      ['count', [2], [1, 3]],
      ['ignore', [2, 3], [1]],
    ] as const) {
      const layout = new AccumulatorLayout(['delta'], duplicates);
      const state = fold(layout, [two, six]);
      const isPossible = (contributions: number) =>
        layout.isPossible(state, { contributions, window });
      expect(possible.every(isPossible)).toBe(true);
      expect(not.some(isPossible)).toBe(false);
    }
    const none = fold(new AccumulatorLayout(['delta'], 'ignore'), []);
    const layout = new AccumulatorLayout(['delta'], 'ignore');
    expect(layout.isPossible(none, { contributions: 2, window })).toBe(false);
  });

  it('is rejected: a list that was dropped before it was full', () => {
    const layout = new AccumulatorLayout(['delta']);
    const points = Array.from({ length: listPointsMax + 1 }, () => two);
    const state = fold(layout, points);
    expect(layout.isPossible(state, { contributions: listPointsMax + 1, window })).toBe(true);
    expect(layout.isPossible(state, { contributions: listPointsMax, window })).toBe(false);
    expect(layout.isPossible([1, 0], { contributions: listPointsMax + 1, window })).toBe(false);
  });

  it('is also rejected for the second of two lists', () => {
    const layout = new AccumulatorLayout(['p50', 'distinct']);
    const state = fold(layout, [two, six]);
    expect(layout.isPossible(state, { contributions: 2, window })).toBe(true);
    expect(layout.isPossible(state.with(state.length - 1, 0), { contributions: 2, window })).toBe(
      false,
    );
  });
});

describe('numbers that are not a state of a layout', () => {
  it.each([
    ['none', []],
    ['a length below zero', [-1]],
    ['a length that is no whole number', [0.5]],
    ['fewer numbers than their length', [4, 1, 2, 3]],
    ['more numbers than their length', [4, 1, 2, 3, 4, 5]],
    ['half a point', [2, 1, 2]],
  ])('are not accepted: %s', (_, numbers) => {
    const layout = new AccumulatorLayout(['delta']);
    expect(layout.accepts([4, 1, 2, 3, 4])).toBe(true);
    expect(layout.accepts([0])).toBe(true);
    expect(layout.accepts(numbers)).toBe(false);
  });
});
