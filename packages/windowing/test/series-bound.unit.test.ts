import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restoreOperator, snapshotOperator, WindowOperator } from '../src/index.ts';
import { point, view } from './operator-harness.ts';

const views = [
  view({ allowedLateness: '20ms' }),
  view({ name: 'w', groupBy: { except: ['key'] }, output: { measure: 'w_{aggregate}_{measure}' } }),
];
const options = { views, source: 's', outOfOrdernessMs: 5, maxFutureSkewMs: 100, seriesMax: 6 };

describe('the limit on series', () => {
  it('rejects points of new series, accepts those of known ones, and ends when windows close', () => {
    const operator = new WindowOperator(options);
    const add = (sequence: number, timeMs: number, key: string) => {
      const origin = { sequenceNumber: String(sequence), arrivalTimeMs: timeMs };
      const outcome = operator.add(point(timeMs, 1, key), origin);
      operator.endRecord();
      return outcome;
    };
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const outcomes = keys.map((key, index) => add(index, 5, key));
    // Six series including that of the second view, minus one that a point could add besides its
    // own.
    expect(outcomes.indexOf('too_many_series')).toBe(4);
    expect(operator.series.openCount).toBeLessThanOrEqual(options.seriesMax);
    expect(add(8, 6, 'a')).toBe('aggregated');
    expect(add(9, 45, 'new')).toBe('too_many_series');
    // A refused point moves the watermark, and with it the windows that made it so.
    expect(add(10, 46, 'new')).toBe('aggregated');
  });

  // Goal: rejections are a function of the points alone. Method: any points, with ends of batches
  // and restarts anywhere, have the same outcomes as in a run without them, and the limit holds.
  it('rejects the same points wherever batches end and processes restart', () => {
    const anyStep = fc.record({
      timeMs: fc.integer({ min: 0, max: 200 }),
      key: fc.integer({ min: 0, max: 15 }).map(String),
      after: fc.constantFrom('go_on', 'end_batch', 'restart'),
    });
    const property = fc.property(fc.array(anyStep, { maxLength: 100 }), (steps) => {
      const straight = new WindowOperator(options);
      let cut = new WindowOperator(options);
      for (const [index, { timeMs, key, after }] of steps.entries()) {
        const origin = { sequenceNumber: String(index), arrivalTimeMs: timeMs };
        const [expected, got] = [straight, cut].map((operator) => {
          const outcome = operator.add(point(timeMs, 1, key), origin);
          operator.endRecord();
          return outcome;
        });
        expect(got).toBe(expected);
        expect(cut.series.openCount).toBe(straight.series.openCount);
        expect(cut.series.openCount).toBeLessThanOrEqual(options.seriesMax);
        if (after === 'go_on') continue;
        expect([...cut.drain()].length).toBeGreaterThanOrEqual(0);
        if (after === 'restart') cut = restoreOperator(snapshotOperator(cut), options).operator;
      }
    });
    fc.assert(property, { numRuns: 300 });
  });
});
