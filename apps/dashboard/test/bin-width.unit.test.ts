import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binWidthMs } from '../src/explore/bin-width.ts';

describe('binWidthMs', () => {
  // Goal: no chart gets more bins than it has space for, nor far fewer. Method: any span from a
  // second to a year, and any width of a chart. The number of bins is at most the limit, and at
  // least a fifth of it while a bin is longer than a millisecond.
  it('covers a span with at most the maximum number of bins, and not far fewer', () => {
    const anySpanMs = fc.integer({ min: 1_000, max: 366 * 86_400_000 });
    fc.assert(
      fc.property(anySpanMs, fc.integer({ min: 50, max: 4_000 }), (spanMs, binsMax) => {
        const widthMs = binWidthMs(spanMs, binsMax);
        expect(spanMs / widthMs).toBeLessThanOrEqual(binsMax);
        if (widthMs > 1) expect(spanMs / widthMs).toBeGreaterThan(binsMax / 5);
      }),
    );
  });
});
