import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WindowOperator } from '../src/index.ts';
import { anyPoint, anyStep, BothWindows } from './both-windows.ts';
import { point, view } from './operator-harness.ts';

/** Every aggregate whose state has the same bits in whatever order points come. */
const exact = ['sum', 'min', 'max', 'count', 'first', 'last', 'delta', 'p90', 'distinct'];

const anyLength = fc.integer({ min: 1, max: 25 });
const anyWindow = fc.oneof(
  fc.tuple(anyLength, fc.nat(24)).map(([size, offset]) => ({
    tumbling: `${size}ms`,
    offset: `${offset % size}ms`,
  })),
  // Also lengths without a common divisor, and windows with gaps between them.
  fc.tuple(anyLength, anyLength, fc.nat(24)).map(([size, every, offset]) => ({
    hopping: { size: `${size}ms`, every: `${every}ms` },
    offset: `${offset % every}ms`,
  })),
);
const anyView = fc
  .record({
    window: anyWindow,
    allowedLateness: fc.integer({ min: 0, max: 20 }).map((ms) => `${ms}ms`),
    aggregates: fc.subarray(exact, { minLength: 1 }),
    duplicates: fc.constantFrom('count', 'ignore', 'replace'),
  })
  .map(view);

describe('windows that share slices', () => {
  // Goal: sharing is only an optimization. Method: any view receives any points, ends of batches,
  // idle and early firings, and restarts. Outcomes and partials equal those of windows that each
  // keep their own points, and nothing is left when all of them are final.
  it('equal windows of separate points to the last bit', () => {
    const property = fc.property(
      anyView,
      fc.integer({ min: 0, max: 20 }),
      fc.array(anyStep, { minLength: 1, maxLength: 60 }),
      (one, outOfOrdernessMs, steps) => {
        const both = new BothWindows(one, outOfOrdernessMs);
        for (const step of steps) both.take(step);
        both.take({ kind: 'batch_end' });
        both.fire('shard_end', Number.POSITIVE_INFINITY);
        both.endRecord();
        both.take({
          kind: 'point',
          timeMs: 10_000,
          value: 1,
          key: 'z',
          aheadMs: 0,
          isInRecord: false,
        });
        both.take({ kind: 'batch_end' });
        expect(both.engine.series.size).toBeLessThanOrEqual(1);
        expect(both.engine.openRows).toBeLessThanOrEqual(1);
      },
    );
    fc.assert(property, { numRuns: 1_500 });
  });

  // Goal: stop anywhere, restart, and the answer is the same. Method: as above, with a restart after
  // every single step.
  it('continue from a snapshot at every step as if nothing had happened', () => {
    const property = fc.property(
      anyView,
      fc.integer({ min: 0, max: 20 }),
      fc.array(anyStep, { minLength: 1, maxLength: 30 }),
      (one, outOfOrdernessMs, steps) => {
        const both = new BothWindows(one, outOfOrdernessMs);
        for (const step of steps) {
          both.take(step);
          both.take({ kind: 'restart' });
        }
        both.fire('shard_end', Number.POSITIVE_INFINITY);
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  it('let a variance differ from that of all points together only by rounding', () => {
    const one = view({
      window: { hopping: { size: '20ms', every: '4ms' } },
      aggregates: ['variance'],
    });
    const property = fc.property(fc.array(anyPoint, { minLength: 2, maxLength: 40 }), (steps) => {
      const engine = new WindowOperator(new BothWindows(one, 1_000).options);
      for (const [index, step] of steps.entries()) {
        const origin = { sequenceNumber: String(index), arrivalTimeMs: 0 };
        engine.add(point(step.timeMs, step.value, 'a'), origin);
      }
      for (const partial of engine.fire('shard_end', Number.POSITIVE_INFINITY)) {
        const within = steps.filter(
          ({ timeMs }) => partial.startMs <= timeMs && timeMs < partial.endMs,
        );
        const values = within.map(({ value }) => value);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        expect(partial.accumulator[0]).toBe(values.length);
        expect(partial.accumulator[1]).toBeCloseTo(mean, 9);
        expect(partial.accumulator[2]).toBeCloseTo(squares, 9);
      }
    });
    fc.assert(property, { numRuns: 200 });
  });
});
