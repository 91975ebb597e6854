import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { view } from './operator-harness.ts';

describe.each([
  ['tumbling', { tumbling: '10ms', offset: '3ms' }, 10],
  ['overlapping', { hopping: { size: '10ms', every: '4ms' }, offset: '3ms' }, 4],
  ['hopping over gaps', { hopping: { size: '4ms', every: '10ms' }, offset: '3ms' }, 10],
] as const)('a view of %s windows', (_, window, everyMs) => {
  const { windows } = view({ window });

  it('has the windows that it assigns, and no others', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100, max: 100 }), fc.nat(20), (timeMs, otherMs) => {
        for (const { startMs, endMs } of windows.assign(timeMs)) {
          expect(windows.has({ startMs, endMs })).toBe(true);
          const moved = { startMs: startMs + otherMs, endMs: endMs + otherMs };
          expect(windows.has(moved)).toBe(otherMs % everyMs === 0);
          expect(windows.has({ startMs, endMs: endMs + otherMs })).toBe(otherMs === 0);
          expect(windows.has({ startMs: startMs - everyMs, endMs })).toBe(false);
        }
      }),
    );
  });
});
