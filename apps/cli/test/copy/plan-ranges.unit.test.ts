import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countRanges, planRanges } from '../../src/copy/plan-ranges.ts';

const anySpan = fc
  .tuple(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 1e8 }))
  .map(([startMs, lengthMs]) => ({ startMs, endMs: startMs + lengthMs }));
const anyChunkMs = fc.constantFrom(1_000_000, 3_600_000, 7_000_003, 86_400_000);

it('covers the span once, oldest first, without a gap', () => {
  fc.assert(
    fc.property(anySpan, anyChunkMs, (span, chunkMs) => {
      const ranges = planRanges('views', span, chunkMs);
      let nextMs = span.startMs;
      for (const { table, startMs, endMs } of ranges) {
        expect([table, startMs]).toEqual(['views', nextMs]);
        expect(endMs).toBeGreaterThan(startMs);
        nextMs = endMs;
      }
      expect(nextMs).toBe(span.endMs);
      expect(ranges.length).toBeLessThanOrEqual(countRanges(span, chunkMs));
    }),
  );
});

it('begins ranges at the same times whatever the span', () => {
  const hourMs = 3_600_000;
  expect(planRanges('raw', { startMs: 10, endMs: 2 * hourMs + 5 }, hourMs)).toEqual([
    { table: 'raw', startMs: 10, endMs: hourMs },
    { table: 'raw', startMs: hourMs, endMs: 2 * hourMs },
    { table: 'raw', startMs: 2 * hourMs, endMs: 2 * hourMs + 5 },
  ]);
});

it('has no ranges in an empty span', () => {
  expect(planRanges('raw', { startMs: 5, endMs: 5 }, 1_000)).toEqual([]);
});
