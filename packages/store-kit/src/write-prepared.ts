import type { Row, RowOutcome } from '@highwater/model';
import { coalesceRows, followerOutcome } from './coalesce-rows.ts';
import { DimensionSets } from './dimension-sets.ts';
import { prepareRow, type PreparedRow } from './prepared-row.ts';
import type { StoreMetrics } from './store-metrics.ts';

/** Takes the outcome of one row of a request. */
export type Settle = (row: PreparedRow, outcome: RowOutcome) => void;

/** Writes rows of which no two have the same identity, and settles each of them. */
export type WriteLeaders = (
  rows: readonly PreparedRow[],
  settle: Settle,
  signal: AbortSignal,
) => Promise<void>;

/**
 * One `Store.write`: brings rows into their canonical form, refuses those that no store takes, and
 * writes one row per identity at a time. Counts every outcome.
 *
 * @param writeLeaders writes to the engine; must settle every row that it is given
 */
export async function writePrepared(
  rows: readonly Row[],
  { metrics, writeLeaders }: { metrics: StoreMetrics; writeLeaders: WriteLeaders },
  signal: AbortSignal,
): Promise<readonly RowOutcome[]> {
  signal.throwIfAborted();
  const outcomes: (RowOutcome | undefined)[] = Array.from({ length: rows.length });
  const settle: Settle = ({ index }, outcome) => (outcomes[index] = outcome);

  const sets = new DimensionSets();
  let pending: readonly PreparedRow[] = rows.flatMap((row, index) => {
    const preparation = prepareRow(row, index, sets);
    if (preparation.ok) return [preparation.prepared];
    outcomes[index] = { status: 'rejected', ...preparation.refusal };
    return [];
  });
  // A second round happens only for rows whose leader was rejected: their own version may pass.
  while (pending.length > 0) {
    const contenders = coalesceRows(pending);
    await writeLeaders(
      contenders.map(({ leader }) => leader),
      settle,
      signal,
    );
    pending = contenders.flatMap(({ leader, followers }) =>
      followers.filter((follower) => {
        const outcome = followerOutcome(follower, leader, settled(outcomes[leader.index]));
        if (outcome) settle(follower, outcome);
        return !outcome;
      }),
    );
  }
  return outcomes.map((outcome) => count(settled(outcome), metrics));
}

function count(outcome: RowOutcome, metrics: StoreMetrics): RowOutcome {
  switch (outcome.status) {
    case 'written':
      metrics.written.inc();
      break;
    case 'already_newer':
      metrics.alreadyNewer.inc();
      break;
    case 'rejected':
      metrics.rejected.inc({ reason: outcome.reason });
      break;
  }
  return outcome;
}

function settled(outcome: RowOutcome | undefined): RowOutcome {
  if (!outcome) throw new Error('a row was left without an outcome');
  return outcome;
}
