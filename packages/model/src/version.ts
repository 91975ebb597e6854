import assert from 'node:assert/strict';

const revisionStep = 2 ** 40;
const completeBase = 2 ** 39;
const orphanBase = 2 ** 38;
const gapStep = 2 ** 30;
const copyStep = 2 ** 32;

/**
 * The rank of a view row among rows with the same identity and revision: `orphan` loses to
 * `complete`, and a filled row (`filledVersion`) loses to both.
 *
 * An orphan is a row of which upsert-writer may have forgotten partials. It is stored if nothing is
 * there, and can never replace the complete row.
 */
export type RowKind = 'orphan' | 'complete';

/** Largest revision that keeps every version below 2^53. */
export const viewRevisionMax = 8190;

/**
 * Maximum points of one source in one row: a month of a shard's points, if each were as small as
 * possible and all belonged to one series.
 */
export const sourceContributionsMax = 2 ** 36;

/** Maximum points in a row that its version can count. */
export const rowContributionsMax = orphanBase - 1;

/** Maximum windows of a gap that can be filled. */
export const gapWindowsMax = 255;

/** Maximum points in the two rows next to a gap that can be filled. */
export const gapContributionsMax = gapStep - 1;

/**
 * The upsert version of a view row. It rises exactly when the row includes more, and depends only
 * on the input. See docs/decisions/0001.
 *
 * @param contributions points included in the row
 * @returns an integer from 1 to 2^53 − 1
 */
export function upsertVersion(row: {
  readonly viewRevision: number;
  readonly contributions: number;
  readonly kind: RowKind;
}): number {
  const { viewRevision, contributions, kind } = row;
  assertRevision(viewRevision);
  assert(Number.isInteger(contributions) && contributions > 0 && contributions < orphanBase);
  const base = kind === 'complete' ? completeBase : orphanBase;
  return viewRevision * revisionStep + base + contributions;
}

/**
 * The upsert version of a row that fills a gap, below that of every row with points. It rises when
 * a row appears in the gap, which makes it narrower, and when an adjacent row gains points.
 *
 * @param gapWindows windows between the rows on both sides, 1 to `gapWindowsMax`
 * @param contributions points in those two rows together, up to `gapContributionsMax`
 */
export function filledVersion(row: {
  readonly viewRevision: number;
  readonly gapWindows: number;
  readonly contributions: number;
}): number {
  const { viewRevision, gapWindows, contributions } = row;
  assertRevision(viewRevision);
  assert(Number.isInteger(gapWindows) && gapWindows > 0 && gapWindows <= gapWindowsMax);
  assert(Number.isInteger(contributions) && contributions > 0);
  assert(contributions <= gapContributionsMax);
  return viewRevision * revisionStep + (gapWindowsMax - gapWindows) * gapStep + contributions;
}

/**
 * The version of a view row that is copied from a store that does not return versions. Rows of all
 * points replace it, so that corrections still arrive. Of its own revision, a row with points
 * replaces orphans, and a filled row replaces nothing. A later copy replaces an earlier one.
 *
 * @param copiedAtSeconds when the row was read, Unix time, up to 2106
 */
export function copiedVersion(row: {
  readonly viewRevision: number;
  readonly isFilled: boolean;
  readonly copiedAtSeconds: number;
}): number {
  const { viewRevision, isFilled, copiedAtSeconds } = row;
  assertRevision(viewRevision);
  assert(Number.isInteger(copiedAtSeconds) && copiedAtSeconds > 0 && copiedAtSeconds < copyStep);
  // Below the filled rows of revision 0 there is place for one version only.
  if (isFilled && viewRevision === 0) return 1;
  const end = viewRevision * revisionStep + (isFilled ? 0 : completeBase);
  return end - copyStep + copiedAtSeconds;
}

function assertRevision(viewRevision: number): void {
  assert(Number.isInteger(viewRevision) && viewRevision >= 0 && viewRevision <= viewRevisionMax);
}
