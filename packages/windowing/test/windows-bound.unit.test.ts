import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restoreOperator, snapshotOperator, WindowOperator } from '../src/index.ts';
import { point, view } from './operator-harness.ts';

const windowsMax = 20;
const views = [
  view({ window: { hopping: { size: '20ms', every: '10ms' } }, allowedLateness: '20ms' }),
  view({ name: 'w', window: { tumbling: '50ms' }, output: { measure: 'w_{aggregate}_{measure}' } }),
];
const options = { views, source: 's', outOfOrdernessMs: 5, maxFutureSkewMs: 100, windowsMax };
/** A point opens its two windows of one view and one of the other, although there are nearly too many. */
const openMax = windowsMax - 1 + 3;

describe('the limit on open windows', () => {
  it('rejects points that would open further ones, accepts the others, and ends with the record', () => {
    const operator = new WindowOperator(options);
    const arrivalTimeMs = 100_000;
    const add = (sequenceNumber: string, timeMs: number) =>
      operator.add(point(timeMs), { sequenceNumber, arrivalTimeMs });
    // The first record of a shard, whose points are of times far apart.
    const outcomes = Array.from({ length: 50 }, (_, index) => add('1', index * 1_000));
    expect(outcomes.slice(0, 7)).toEqual(outcomes.slice(0, 7).map(() => 'aggregated'));
    expect(outcomes.slice(7)).toEqual(outcomes.slice(7).map(() => 'too_many_windows'));
    expect(operator.openWindows).toBeLessThanOrEqual(openMax);
    expect(add('1', 3_000)).toBe('aggregated');
    // Refused points move the watermark, and it closes what is open.
    operator.endRecord();
    expect(operator.openWindows).toBe(0);
    expect(add('2', 50_000)).toBe('aggregated');
  });

  // Goal: rejections are a function of the points alone. Method: any points, with ends of batches
  // and restarts anywhere, have the same outcomes as in a run without them, and the limit holds.
  it('rejects the same points wherever batches end and processes restart', () => {
    const anyStep = fc.record({
      timeMs: fc.integer({ min: 0, max: 2_000 }),
      endsRecord: fc.boolean(),
      after: fc.constantFrom('go_on', 'end_batch', 'restart'),
    });
    const property = fc.property(fc.array(anyStep, { maxLength: 100 }), (steps) => {
      const straight = new WindowOperator(options);
      let cut = new WindowOperator(options);
      let sequence = 0;
      for (const { timeMs, endsRecord, after } of steps) {
        if (endsRecord) sequence += 1;
        const origin = { sequenceNumber: String(sequence), arrivalTimeMs: 2_000 };
        const [expected, got] = [straight, cut].map((operator) =>
          operator.add(point(timeMs), origin),
        );
        expect(got).toBe(expected);
        expect(cut.openWindows).toBe(straight.openWindows);
        expect(cut.openWindows).toBeLessThanOrEqual(openMax);
        if (after === 'go_on') continue;
        expect([...cut.drain()].length).toBeGreaterThanOrEqual(0);
        if (after === 'restart') cut = restoreOperator(snapshotOperator(cut), options).operator;
      }
    });
    fc.assert(property, { numRuns: 300 });
  });
});
