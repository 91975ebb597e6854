import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binWidthMs } from '../src/explore/bin-width.ts';

describe('binWidthMs', () => {
  // Goal: no chart is sent more bins than it has room for, nor far fewer. Method: any span from a
  // second to a year, any width of a chart; the bins that cover the span are at most that many, and
  // a fifth of them at least while a bin is longer than a millisecond.
  it('covers a span with at most so many bins, and not far fewer', () => {
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
