import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { upsertVersion, viewRevisionMax, type RowKind } from '../src/index.ts';

const anyRow = fc.record({
  viewRevision: fc.integer({ min: 0, max: viewRevisionMax }),
  kind: fc.constantFrom<RowKind>('interpolated', 'orphan', 'complete'),
  contributions: fc.integer({ min: 1, max: 2 ** 38 - 1 }),
});
const rank: Record<RowKind, number> = { interpolated: 0, orphan: 1, complete: 2 };

describe('upsertVersion', () => {
  it('orders by revision, then by kind, then by contributions, for every two rows', () => {
    fc.assert(
      fc.property(anyRow, anyRow, (a, b) => {
        const order =
          a.viewRevision - b.viewRevision ||
          rank[a.kind] - rank[b.kind] ||
          a.contributions - b.contributions;
        expect(Math.sign(upsertVersion(a) - upsertVersion(b))).toBe(Math.sign(order));
      }),
    );
  });

  it('stays a safe integer of at least 1 up to its bounds', () => {
    const bounds = { viewRevision: viewRevisionMax, contributions: 2 ** 38 - 1 } as const;
    expect(Number.isSafeInteger(upsertVersion({ ...bounds, kind: 'complete' }))).toBe(true);
    const least = { viewRevision: 0, contributions: 1, kind: 'interpolated' } as const;
    expect(upsertVersion(least)).toBe(1);
  });

  it('refuses a row without points: our bug, never bad input', () => {
    const row = { viewRevision: 1, contributions: 0, kind: 'complete' } as const;
    expect(() => upsertVersion(row)).toThrow();
  });
});
