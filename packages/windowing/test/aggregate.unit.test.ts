import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AggregateResult } from '../src/accumulators/aggregate-result.ts';
import { aggregates } from '../src/index.ts';
import { AccumulatorLayout, type Accumulator } from '../src/accumulators/accumulator-layout.ts';
import { listPointsMax } from '../src/accumulators/point-list.ts';
import type { Aggregate } from '../src/accumulators/aggregate.ts';

type AnyPoint = {
  readonly value: number;
  readonly eventTimeMs: number;
  readonly arrivalTimeMs: number;
  /** For a BIGINT: the part lost by rounding its value. */
  readonly rest?: number;
};

const window = { startMs: 0, endMs: 1_000 };

function fold(layout: AccumulatorLayout, points: readonly AnyPoint[]): number[] {
  const { cells, lists } = layout.create();
  for (const point of points) {
    layout.add(cells, 0, lists, { rest: 0, isWhole: point.rest !== undefined, ...point });
  }
  return layout.encode(cells, 0, lists);
}

function merged(layout: AccumulatorLayout, parts: readonly (readonly number[])[]): Accumulator {
  const state = layout.create();
  for (const part of parts) layout.merge(state, part);
  return state;
}

function encoded(layout: AccumulatorLayout, { cells, lists }: Accumulator): number[] {
  return layout.encode(cells, 0, lists);
}

/** The value of one aggregate for points that arrived in this order, in one shard. */
function resultOf(aggregate: Aggregate, points: readonly AnyPoint[]): AggregateResult {
  const layout = new AccumulatorLayout([aggregate]);
  const state = merged(layout, [fold(layout, points)]);
  return layout.results(state, points.length, window)[0];
}

function pointsOf(values: readonly number[], times?: readonly number[]): AnyPoint[] {
  return values.map((value, index) => ({
    value,
    eventTimeMs: times?.[index] ?? index,
    arrivalTimeMs: index,
  }));
}

/** Readings as sensors give them: decimals of a few digits. */
const anyReading = fc
  .integer({ min: -1_000_000_000, max: 1_000_000_000 })
  .map((thousandths) => thousandths / 1_000);
const anyPoints = fc
  .uniqueArray(fc.integer({ min: 0, max: 999 }), { minLength: 1, maxLength: 50 })
  .chain((times) =>
    fc
      .array(anyReading, { minLength: times.length, maxLength: times.length })
      .map((values) => pointsOf(values, times)),
  );

/** The sum of doubles without any rounding but the last: over the integers. */
function exactSum(values: readonly number[]): number {
  const scale = 2 ** 80;
  const total = values.reduce((sum, value) => {
    const whole = Math.trunc(value);
    return sum + BigInt(whole) * BigInt(scale) + BigInt(Math.round((value - whole) * scale));
  }, 0n);
  return Number(total) / scale;
}

/** Every aggregate, computed plainly. */
function plain(aggregate: Aggregate, points: readonly AnyPoint[]): number | undefined {
  const inTime = points.toSorted((a, b) => a.eventTimeMs - b.eventTimeMs);
  const values = inTime.map(({ value }) => value);
  const sorted = values.toSorted((a, b) => a - b);
  const mean = exactSum(values) / values.length;
  const squares = exactSum(values.map((value) => (value - mean) ** 2));
  const delta = values.reduce((sum, value, index) => {
    const before = values[index - 1] ?? value;
    return sum + (index === 0 ? 0 : value >= before ? value - before : value);
  }, 0);
  const spanMs = (inTime.at(-1)?.eventTimeMs ?? 0) - (inTime[0]?.eventTimeMs ?? 0);
  const nearestRank = (part: number) => sorted[Math.floor(part * (values.length - 1))];
  const all: Record<Aggregate, number | undefined> = {
    avg: mean,
    count: values.length,
    sum: exactSum(values),
    min: sorted[0],
    max: sorted.at(-1),
    variance: values.length > 1 ? squares / (values.length - 1) : undefined,
    variance_population: squares / values.length,
    stddev: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : undefined,
    stddev_population: Math.sqrt(squares / values.length),
    first: values[0],
    last: values.at(-1),
    delta,
    rate: spanMs > 0 ? delta / (spanMs / 1000) : undefined,
    time_weighted_avg:
      inTime.reduce(
        (area, { value, eventTimeMs }, index) =>
          area + value * ((inTime[index + 1]?.eventTimeMs ?? window.endMs) - eventTimeMs),
        0,
      ) /
      (window.endMs - (inTime[0]?.eventTimeMs ?? 0)),
    p50: nearestRank(0.5),
    p75: nearestRank(0.75),
    p90: nearestRank(0.9),
    p95: nearestRank(0.95),
    p99: nearestRank(0.99),
    p999: nearestRank(0.999),
    distinct: new Set(values).size,
  };
  return all[aggregate];
}

/** How far an aggregate may be from the plain result, besides rounding, as a fraction of it. */
const statedError: Partial<Record<Aggregate, number>> = {
  p50: 0.011,
  p75: 0.011,
  p90: 0.011,
  p95: 0.011,
  p99: 0.011,
  p999: 0.011,
  distinct: 0.05,
};

/** Those whose state merges to the same bits whatever the order: all but the moments. */
const exactAggregates = aggregates.filter((name) => !/stddev|variance/.test(name));

describe.each(aggregates)('%s', (aggregate) => {
  // Goal: an aggregate is a function of the points. Method: deal the points to shards at random, in
  // the order of arrival, merge the shards in another order, and compare with a plain computation.
  it('equals a plain computation for every order of points and of shards', () => {
    const layout = new AccumulatorLayout([aggregate]);
    const property = fc.property(anyPoints, fc.infiniteStream(fc.nat(3)), (points, shards) => {
      const byShard: AnyPoint[][] = [[], [], [], []];
      for (const point of points) byShard[shards.next().value ?? 0]?.push(point);
      const parts = byShard.filter((shard) => shard.length > 0).map((shard) => fold(layout, shard));
      for (const part of parts) expect(layout.accepts(part)).toBe(true);
      const expected = plain(aggregate, points);
      for (const state of [merged(layout, parts), merged(layout, parts.toReversed())]) {
        const [result] = layout.results(state, points.length, window);
        if (expected === undefined || result === undefined) {
          expect(result).toBe(expected);
          continue;
        }
        const scale = Math.max(...points.map(({ value }) => Math.abs(value)), 1);
        const isSquared = aggregate.startsWith('variance');
        const rounding = 1e-9 * scale * (isSquared ? scale : 1) * (aggregate === 'rate' ? 1e3 : 1);
        // Two values of one register count as one: of the few dozen here, up to three may.
        const collisions = aggregate === 'distinct' ? 3 : 0;
        const allowed = rounding + collisions + Math.abs(expected) * (statedError[aggregate] ?? 0);
        expect(Math.abs(Number(result) - expected)).toBeLessThanOrEqual(allowed);
      }
    });
    fc.assert(property, { numRuns: 60 });
  });

  it('survives encoding as JSON', () => {
    const layout = new AccumulatorLayout([aggregate]);
    fc.assert(
      fc.property(anyPoints, (points) => {
        const numbers = fold(layout, points);
        const back = merged(layout, [JSON.parse(JSON.stringify(numbers)) as number[]]);
        const direct = merged(layout, [numbers]);
        expect(layout.results(back, points.length, window)).toEqual(
          layout.results(direct, points.length, window),
        );
      }),
      { numRuns: 30 },
    );
  });
});

describe('merging', () => {
  const exact = new AccumulatorLayout(exactAggregates);

  // Goal: merging is associative and commutative, to the last bit. Method: shuffle, cut into parts
  // anywhere, merge the parts in another order and grouping; all numbers stay equal.
  it('gives the same bits whatever the order and the parts', () => {
    fc.assert(
      fc.property(anyPoints, anyPoints, anyPoints, (a, b, c) => {
        const [x, y, z] = [fold(exact, a), fold(exact, b), fold(exact, c)];
        const all = encoded(exact, merged(exact, [x, y, z]));
        expect(encoded(exact, merged(exact, [z, x, y]))).toEqual(all);
        const xy = encoded(exact, merged(exact, [x, y]));
        const yz = encoded(exact, merged(exact, [y, z]));
        expect(encoded(exact, merged(exact, [xy, z]))).toEqual(all);
        expect(encoded(exact, merged(exact, [x, yz]))).toEqual(all);
      }),
    );
  });

  it('reports what does not match its layout', () => {
    const layout = new AccumulatorLayout(['sum', 'p50', 'delta']);
    const numbers = fold(layout, pointsOf([1, 2, 3]));
    expect(layout.accepts(numbers)).toBe(true);
    expect(layout.accepts(numbers.slice(0, -1))).toBe(false);
    expect(layout.accepts([...numbers, 0])).toBe(false);
    expect(layout.accepts([])).toBe(false);
    // A point of the list takes four numbers.
    expect(new AccumulatorLayout(['delta']).accepts([3, 0, 7, 0])).toBe(false);
  });
});

describe('numbers that are easy to get wrong (case 20)', () => {
  it.each([
    { values: [1, 1e100, 1, -1e100], sum: 2 },
    { values: [1e20, 0.1, -1e20], sum: 0.1 },
    { values: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], sum: 1 },
    { values: [0.1, 0.2, 0.3], sum: 0.6 },
  ])('the sum of $values is $sum', ({ values, sum }) => {
    expect(resultOf('sum', pointsOf(values))).toBe(sum);
  });

  it('an average that left the range of doubles is not finite', () => {
    expect(Number.isFinite(resultOf('avg', pointsOf([1.7e308, 1.7e308])))).toBe(false);
  });

  it('the variance of small differences of large values is exact', () => {
    const points = pointsOf([4, 7, 13, 16].map((value) => 1e9 + value));
    expect(resultOf('variance', points)).toBe(30);
    expect(resultOf('variance_population', points)).toBe(22.5);
    expect(resultOf('variance', pointsOf([1]))).toBeUndefined();
  });

  it('the variance of values whose squares overflow a double is that of their differences', () => {
    expect(resultOf('variance_population', pointsOf([1e200]))).toBe(0);
    expect(resultOf('variance', pointsOf([1e200, 1e200]))).toBe(0);
  });

  it('a counter adds up over its reset, even when a point arrives late', () => {
    const inOrder = pointsOf([100, 150, 20, 40], [0, 10, 20, 30]);
    expect(resultOf('delta', inOrder)).toBe(90);
    const late = { value: 160, eventTimeMs: 15, arrivalTimeMs: 99 };
    expect(resultOf('delta', [...inOrder, late])).toBe(100);
    expect(resultOf('rate', [...inOrder, late])).toBeCloseTo(100 / 0.03);
    expect(resultOf('rate', pointsOf([5]))).toBeUndefined();
  });

  it('the time-weighted average counts from the first point to the end of the window', () => {
    const layout = new AccumulatorLayout(['time_weighted_avg']);
    const numbers = fold(layout, pointsOf([10, 20], [2, 4]));
    const results = layout.results(merged(layout, [numbers]), 2, { startMs: 0, endMs: 10 });
    expect(results).toEqual([17.5]);
  });

  it('first and last depend on event time, then on the order in their shard', () => {
    const points = pointsOf([1, 2, 3, 4], [5, 5, 9, 9]);
    expect(resultOf('first', points)).toBe(1);
    expect(resultOf('last', points)).toBe(4);
  });

  it('distinct is within a few percent of many values', () => {
    const values = Array.from({ length: 100_000 }, (_, index) => index / 7);
    const estimate = Number(resultOf('distinct', pointsOf(values)));
    expect(Math.abs(estimate - 100_000)).toBeLessThan(5_000);
  });

  it('percentiles of both signs keep their relative error', () => {
    const values = Array.from({ length: 2_001 }, (_, index) => index - 1_000);
    expect(resultOf('p50', pointsOf(values))).toBe(0);
    expect(Math.abs(Number(resultOf('p99', pointsOf(values))) - 980)).toBeLessThan(9.8);
  });
});

describe('duplicates of a point', () => {
  const again = [
    { value: 10, eventTimeMs: 1, arrivalTimeMs: 1 },
    { value: 30, eventTimeMs: 2, arrivalTimeMs: 2 },
    { value: 20, eventTimeMs: 1, arrivalTimeMs: 3 },
  ];

  it.each([
    { duplicates: 'count', avg: 20, count: 3 },
    { duplicates: 'ignore', avg: 20, count: 2 },
    { duplicates: 'replace', avg: 25, count: 2 },
  ] as const)('$duplicates: $count points that average $avg', ({ duplicates, avg, count }) => {
    const layout = new AccumulatorLayout(['avg', 'count'], duplicates);
    const [a, b, c] = again.map((point) => fold(layout, [point]));
    if (!a || !b || !c) throw new Error('there are three points');
    const whole = merged(layout, [fold(layout, again)]);
    expect(layout.results(whole, 3, window)).toEqual([avg, count]);
    // The same when the points arrived by different shards, in whatever order these are folded.
    for (const parts of [
      [a, b, c],
      [c, b, a],
      [b, c, a],
    ]) {
      expect(layout.results(merged(layout, parts), 3, window)).toEqual([avg, count]);
    }
  });

  it('are rejected, not wrong, when one row has more points than are kept', () => {
    const layout = new AccumulatorLayout(['avg'], 'replace');
    const points = pointsOf(Array.from({ length: listPointsMax + 1 }, () => 1));
    const numbers = fold(layout, points);
    expect(layout.accepts(numbers)).toBe(true);
    const state = merged(layout, [numbers, fold(layout, points.slice(0, 1))]);
    expect(layout.results(state, points.length, window)).toEqual([Number.NaN]);
  });
});
