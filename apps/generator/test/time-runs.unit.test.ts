import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimeRuns } from '../src/time-runs.ts';

/**
 * Adds points at the offsets 0, 1, 2, and so on, and returns the offsets in the order of the merge.
 */
function merge(times: readonly number[], runs = new TimeRuns()): readonly number[] {
  for (const [offset, timeMs] of times.entries()) runs.add(offset, timeMs);
  runs.seal();
  const merged: number[] = [];
  for (let at = runs.earliest(); at; at = runs.earliest()) {
    merged.push(at.offset);
    const offset = at.offset + 1;
    if (runs.pointsLeft(at.run) > 1) runs.advance({ offset, timeMs: times[offset] ?? NaN });
    else runs.advance();
  }
  return merged;
}

describe('TimeRuns', () => {
  it('returns every point once, in time order, and equal times in file order', () => {
    const property = fc.property(fc.array(fc.integer({ min: -5, max: 30 })), (times) => {
      const sorted = [...times.entries()].toSorted(([i, a], [j, b]) => a - b || i - j);
      expect(merge(times)).toEqual(sorted.map(([offset]) => offset));
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  it('stores one entry for a file in order, and one per sensor for a file sorted by sensor', () => {
    const inOrder = new TimeRuns();
    for (let at = 0; at < 100_000; at++) inOrder.add(at, Math.floor(at / 3));
    expect(inOrder.count).toBe(1);
    expect(inOrder.disorder).toEqual({ stepsBack: 0, furthestBehindMs: 0 });
    const bySensor = new TimeRuns();
    for (let at = 0; at < 100_000; at++) bySensor.add(at, at % 1_000);
    expect(bySensor.count).toBe(100);
    expect(bySensor.disorder).toEqual({ stepsBack: 99, furthestBehindMs: 999 });
    expect(bySensor.newestMs).toBe(999);
  });

  it('never stores more entries than allowed, and says when it would have to', () => {
    const property = fc.property(
      fc.array(fc.nat(50), { minLength: 1 }),
      fc.integer({ min: 1, max: 10 }),
      (times, most) => {
        const runs = new TimeRuns(most);
        const taken = times.every((timeMs, offset) => runs.add(offset, timeMs));
        const steps = times.filter((timeMs, at) => timeMs < (times[at - 1] ?? -1)).length;
        expect(runs.count).toBeLessThanOrEqual(most);
        expect(taken).toBe(steps < most);
      },
    );
    fc.assert(property, { numRuns: 500 });
  });
});
