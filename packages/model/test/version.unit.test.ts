import { AssertionError } from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  copiedVersion,
  filledVersion,
  gapContributionsMax,
  gapWindowsMax,
  rowContributionsMax,
  upsertVersion,
  viewRevisionMax,
  type RowKind,
} from '../src/index.ts';

/**
 * From 1, or often one of the ends, so that two rows often differ only in the last of their parts.
 */
const upTo = (max: number, min = 1) =>
  fc.oneof(fc.constantFrom(min, min + 1, max - 1, max), fc.integer({ min, max }));
const anyRevision = upTo(viewRevisionMax, 0);
const anyRow = fc.record({
  viewRevision: anyRevision,
  kind: fc.constantFrom<RowKind>('orphan', 'complete'),
  contributions: upTo(rowContributionsMax),
});
const anyFilledShape = { viewRevision: anyRevision, gapWindows: upTo(gapWindowsMax) };
const anyFilled = fc.record({ ...anyFilledShape, contributions: upTo(gapContributionsMax) });
const rank: Record<RowKind, number> = { orphan: 1, complete: 2 };

describe('upsertVersion', () => {
  it('orders by revision, then by kind, then by contributions, for any two rows', () => {
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

  it('stays a safe integer up to its limits', () => {
    const bounds = { viewRevision: viewRevisionMax, contributions: rowContributionsMax } as const;
    expect(Number.isSafeInteger(upsertVersion({ ...bounds, kind: 'complete' }))).toBe(true);
  });

  it.each([
    { contributions: 0 },
    { contributions: 1.5 },
    { contributions: rowContributionsMax + 1 },
    { viewRevision: -1 },
    { viewRevision: 1.5 },
    { viewRevision: viewRevisionMax + 1 },
  ])('rejects values that no row can have, which would be a bug (%o)', (changes) => {
    const row = { viewRevision: 1, contributions: 1, kind: 'complete', ...changes } as const;
    expect(() => upsertVersion(row)).toThrow(AssertionError);
  });
});

describe('filledVersion', () => {
  it('orders by revision, then by the narrowness of the gap, then by the adjacent points', () => {
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

  it('is at least 1', () => {
    expect(filledVersion({ viewRevision: 0, gapWindows: gapWindowsMax, contributions: 1 })).toBe(1);
  });

  it.each([
    { gapWindows: 0 },
    { gapWindows: 1.5 },
    { gapWindows: gapWindowsMax + 1 },
    { contributions: 0 },
    { contributions: 1.5 },
    { contributions: gapContributionsMax + 1 },
    { viewRevision: viewRevisionMax + 1 },
  ])('rejects values that no gap can have, which would be a bug (%o)', (changes) => {
    const gap = { viewRevision: 1, gapWindows: 1, contributions: 1, ...changes };
    expect(() => filledVersion(gap)).toThrow(AssertionError);
  });
});

describe('copiedVersion', () => {
  const nowSeconds = 1_795_910_400;
  const anyCopied = fc.record({
    viewRevision: anyRevision,
    isFilled: fc.boolean(),
    copiedAtSeconds: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  });
  /** Far more points than shards can deliver, and still far from the limit on all rows. */
  const pointsMax = 2 ** 37;

  it('is replaced by a complete row of its revision or a later one, and by no earlier one', () => {
    fc.assert(
      fc.property(anyCopied, anyRow, (copied, row) => {
        const complete = upsertVersion({ ...row, kind: 'complete' });
        const isReplaced = row.viewRevision >= copied.viewRevision;
        expect(copiedVersion(copied) < complete).toBe(isReplaced);
      }),
    );
  });

  it('with points, replaces the orphans and filled rows of its revision', () => {
    fc.assert(
      fc.property(anyCopied, anyFilled, upTo(pointsMax), (given, filled, contributions) => {
        const { viewRevision } = given;
        const copied = copiedVersion({ ...given, isFilled: false });
        const orphan = upsertVersion({ viewRevision, kind: 'orphan', contributions });
        expect(copied).toBeGreaterThan(orphan);
        expect(copied).toBeGreaterThan(filledVersion({ ...filled, viewRevision }));
      }),
    );
  });

  it('filled, is replaced by every row of its revision', () => {
    // A gap has a row with at least one point on each side.
    const anyGap = fc.record({ ...anyFilledShape, contributions: upTo(gapContributionsMax, 2) });
    fc.assert(
      fc.property(anyCopied, anyGap, anyRow, ({ viewRevision, copiedAtSeconds }, gap, row) => {
        const copied = copiedVersion({ viewRevision, copiedAtSeconds, isFilled: true });
        expect(copied).toBeGreaterThan(0);
        expect(copied).toBeLessThan(filledVersion({ ...gap, viewRevision }));
        expect(copied).toBeLessThan(upsertVersion({ ...row, viewRevision }));
      }),
    );
  });

  it('replaces what was copied earlier', () => {
    const earlier = { viewRevision: 1, isFilled: false, copiedAtSeconds: nowSeconds };
    const later = { ...earlier, copiedAtSeconds: nowSeconds + 1 };
    expect(copiedVersion(later)).toBe(copiedVersion(earlier) + 1);
    expect(copiedVersion({ ...later, isFilled: true })).toBe(
      copiedVersion({ ...earlier, isFilled: true }) + 1,
    );
  });

  it.each([{ viewRevision: -1 }, { copiedAtSeconds: 0 }, { copiedAtSeconds: 2 ** 32 }])(
    'rejects values that no row can have, which would be a bug (%o)',
    (changes) => {
      const row = { viewRevision: 1, isFilled: false, copiedAtSeconds: nowSeconds, ...changes };
      expect(() => copiedVersion(row)).toThrow(AssertionError);
    },
  );
});
