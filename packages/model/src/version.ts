import assert from 'node:assert/strict';

const revisionStep = 2 ** 40;
const completeBase = 2 ** 39;
const orphanBase = 2 ** 38;

/**
 * How much a view row is worth against others of the same identity and revision: `interpolated`
 * loses to `orphan`, `orphan` to `complete`.
 *
 * An orphan is a row of which the upsert-writer may have forgotten partials: it is stored if nothing
 * is there, and can never replace the whole.
 */
export type RowKind = 'interpolated' | 'orphan' | 'complete';

/** Revisions that keep every version below 2^53. */
export const viewRevisionMax = 8190;

/**
 * The upsert version of a view row: rises exactly when the row includes more, and depends on nothing
 * but the input. See docs/decisions/0001.
 *
 * @param contributions points folded into the row (for an interpolated row: into its neighbours)
 * @returns an integer from 1 to 2^53 − 1
 */
export function upsertVersion(row: {
  readonly viewRevision: number;
  readonly contributions: number;
  readonly kind: RowKind;
}): number {
  const { viewRevision, contributions, kind } = row;
  assert(Number.isInteger(viewRevision) && viewRevision >= 0 && viewRevision <= viewRevisionMax);
  assert(Number.isInteger(contributions) && contributions > 0 && contributions < orphanBase);
  const base = kind === 'complete' ? completeBase : kind === 'orphan' ? orphanBase : 0;
  return viewRevision * revisionStep + base + contributions;
}
