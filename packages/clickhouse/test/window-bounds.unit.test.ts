import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { windowBoundText, windowOf } from '../src/window-bounds.ts';

const boundsOf = (start: string, end: string) => [
  { name: 'window_end', value: end },
  { name: 'window_start', value: start },
];

describe('windowOf', () => {
  // Goal: two rows are one in the table exactly when they are one by their dimensions. Method: a window
  // that is taken out of the dimensions says, as numbers, exactly what they said.
  it('takes what it can write again', () => {
    const anyMs = fc.integer({ min: 0, max: Date.UTC(2261, 0, 1) });
    const property = fc.property(anyMs, anyMs, (startMs, endMs) => {
      const found = windowOf(boundsOf(windowBoundText(startMs), windowBoundText(endMs)));
      expect(found).toEqual(endMs === 0 ? undefined : { startMs, endMs });
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  it.each([
    ['2026-11-29 13:00:00', '2026-11-29 13:05:00.000'],
    ['2026-11-29T13:00:00.000', '2026-11-29 13:05:00.000'],
    ['2026-02-30 13:00:00.000', '2026-11-29 13:05:00.000'],
    ['1969-12-31 23:59:59.999', '2026-11-29 13:05:00.000'],
    ['2026-11-29 13:00:00.000', '2300-01-01 00:00:00.000'],
    ['2026-11-29 13:00:00.000', 'soon'],
  ])('leaves %s and %s as they are', (start, end) => {
    expect(windowOf(boundsOf(start, end))).toBeUndefined();
  });

  it('needs both bounds', () => {
    const [, start] = boundsOf('2026-11-29 13:00:00.000', '');
    expect(windowOf(start ? [start] : [])).toBeUndefined();
  });
});
