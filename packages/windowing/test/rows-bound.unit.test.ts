import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restoreOperator, snapshotOperator, WindowOperator } from '../src/index.ts';
import { point, view } from './operator-harness.ts';

const rowsMax = 20;
const views = [
  view({ window: { hopping: { size: '20ms', every: '10ms' } }, allowedLateness: '20ms' }),
  view({ name: 'w', window: { tumbling: '50ms' }, output: { measure: 'w_{aggregate}_{measure}' } }),
];
const options = { views, source: 's', outOfOrdernessMs: 5, maxFutureSkewMs: 100, rowsMax };
/** A point opens a row of each view, although there are nearly too many. */
const openMax = rowsMax - 1 + views.length;
/** Bounds that allow four series and four slices each. */
const otherBounds = { seriesMax: 4 + views.length, windowsMax: 16 };

describe('the limit on open rows', () => {
  // Goal: why the bounds on series and on windows do not bound the rows. Method: few of each, all pairs.
  it('holds for few series and windows with many combinations', () => {
    const run = (bounds: object) => {
      const operator = new WindowOperator({ ...options, rowsMax: undefined, ...bounds });
      const outcomes = new Set<string>();
      for (const timeMs of [0, 10, 20, 30]) {
        for (const key of ['a', 'b', 'c', 'd']) {
          const origin = { sequenceNumber: '1', arrivalTimeMs: 1_000 };
          outcomes.add(operator.add(point(timeMs, 1, key), origin));
        }
      }
      return { outcomes: [...outcomes], openRows: operator.openRows };
    };
    expect(run(otherBounds)).toEqual({ outcomes: ['aggregated'], openRows: 20 });
    expect(run({ ...otherBounds, rowsMax: 10 })).toEqual({
      outcomes: ['aggregated', 'too_many_rows'],
      openRows: 10,
    });
  });

  it('rejects points that would open further rows, accepts the others, and ends when windows close', () => {
    const operator = new WindowOperator(options);
    const add = (sequence: number, timeMs: number, key: string) =>
      operator.add(point(timeMs, 1, key), {
        sequenceNumber: String(sequence),
        arrivalTimeMs: 1_000,
      });
    const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
    const outcomes = keys.map((key) => add(1, 5, key));
    expect(outcomes.slice(0, 10)).toEqual(outcomes.slice(0, 10).map(() => 'aggregated'));
    expect(outcomes.slice(10)).toEqual(outcomes.slice(10).map(() => 'too_many_rows'));
    expect(operator.openRows).toBe(rowsMax);
    expect(operator.series.openCount).toBe(10);
    expect(add(1, 6, 'k0')).toBe('aggregated');
    // Its row would be another one, of a series that is known.
    expect(add(1, 500, 'k0')).toBe('too_many_rows');
    // The refused point moves the watermark, and it closes what is open.
    operator.endRecord();
    expect(operator.openRows).toBe(0);
    expect(add(2, 500, 'k0')).toBe('aggregated');
  });

  // Goal: rejections are a function of the points alone. Method: any points, with ends of batches
  // and restarts anywhere, have the same outcomes as in a run without them, and the limit holds.
  it('rejects the same points wherever batches end and processes restart', () => {
    const anyStep = fc.record({
      timeMs: fc.integer({ min: 0, max: 150 }),
      key: fc.integer({ min: 0, max: 15 }).map(String),
      endsRecord: fc.constantFrom(true, false, false, false, false, false, false, false),
      after: fc.constantFrom('go_on', 'end_batch', 'restart'),
    });
    const refused = { count: 0 };
    const property = fc.property(fc.array(anyStep, { maxLength: 100, size: 'max' }), (steps) => {
      const straight = new WindowOperator(options);
      let cut = new WindowOperator(options);
      let sequence = 0;
      for (const { timeMs, key, endsRecord, after } of steps) {
        if (endsRecord) sequence += 1;
        const origin = { sequenceNumber: String(sequence), arrivalTimeMs: 150 };
        const [expected, got] = [straight, cut].map((operator) =>
          operator.add(point(timeMs, 1, key), origin),
        );
        expect(got).toBe(expected);
        if (got === 'too_many_rows') refused.count += 1;
        const counted = cut.views.flatMap(({ slices }) => slices.map(({ rowsCount }) => rowsCount));
        expect(cut.openRows).toBe(counted.reduce((sum, count) => sum + count, 0));
        expect(cut.openRows).toBe(straight.openRows);
        expect(cut.openRows).toBeLessThanOrEqual(openMax);
        if (after === 'go_on') continue;
        expect([...cut.drain()].length).toBeGreaterThanOrEqual(0);
        if (after === 'restart') cut = restoreOperator(snapshotOperator(cut), options).operator;
      }
    });
    fc.assert(property, { numRuns: 200 });
    expect(refused.count).toBeGreaterThan(0);
  });
});
