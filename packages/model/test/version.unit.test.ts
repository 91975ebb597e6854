import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  filledVersion,
  gapContributionsMax,
  gapWindowsMax,
  upsertVersion,
  viewRevisionMax,
  type RowKind,
} from '../src/index.ts';

const anyRevision = fc.integer({ min: 0, max: viewRevisionMax });
const anyRow = fc.record({
  viewRevision: anyRevision,
  kind: fc.constantFrom<RowKind>('orphan', 'complete'),
  contributions: fc.integer({ min: 1, max: 2 ** 38 - 1 }),
});
const anyFilled = fc.record({
  viewRevision: anyRevision,
  gapWindows: fc.integer({ min: 1, max: gapWindowsMax }),
  contributions: fc.integer({ min: 1, max: gapContributionsMax }),
});
const rank: Record<RowKind, number> = { orphan: 1, complete: 2 };

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

  it('stays a safe integer up to its bounds', () => {
    const bounds = { viewRevision: viewRevisionMax, contributions: 2 ** 38 - 1 } as const;
    expect(Number.isSafeInteger(upsertVersion({ ...bounds, kind: 'complete' }))).toBe(true);
  });

  it('refuses a row without points: our bug, never bad input', () => {
    const row = { viewRevision: 1, contributions: 0, kind: 'complete' } as const;
    expect(() => upsertVersion(row)).toThrow();
  });
});

describe('filledVersion', () => {
  it('orders by revision, then by how narrow the gap is, then by the points beside it', () => {
    fc.assert(
      fc.property(anyFilled, anyFilled, (a, b) => {
        const order =
          a.viewRevision - b.viewRevision ||
          b.gapWindows - a.gapWindows ||
          a.contributions - b.contributions;
        expect(Math.sign(filledVersion(a) - filledVersion(b))).toBe(Math.sign(order));
      }),
    );
  });

  it('loses to every row with points of its revision, and wins over all of lower ones', () => {
    fc.assert(
      fc.property(anyFilled, anyRow, (filled, row) => {
        const isFilledHigher = filled.viewRevision > row.viewRevision;
        expect(filledVersion(filled) > upsertVersion(row)).toBe(isFilledHigher);
      }),
    );
  });

  it('is 1 at least', () => {
    expect(filledVersion({ viewRevision: 0, gapWindows: gapWindowsMax, contributions: 1 })).toBe(1);
  });
});
