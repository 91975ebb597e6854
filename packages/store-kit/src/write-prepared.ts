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
  let pending: PreparedRow[] = [];
  for (const [index, row] of rows.entries()) {
    const preparation = prepareRow(row, index, sets);
    if (preparation.ok) pending.push(preparation.prepared);
    else outcomes[index] = { status: 'rejected', ...preparation.refusal };
  }
  // A second round happens only for rows whose leader was rejected: their own version may pass.
  while (pending.length > 0) {
    const { leaders, followers } = coalesceRows(pending);
    await writeLeaders(leaders, settle, signal);
    pending = [];
    for (const { row, leader } of followers) {
      const outcome = followerOutcome(row, leader, settled(outcomes[leader.index]));
      if (outcome) settle(row, outcome);
      else pending.push(row);
    }
  }
  return count(outcomes.map(settled), metrics);
}

/** Counts all at once: a counter takes as long as all else that is done for a row. */
function count(outcomes: readonly RowOutcome[], metrics: StoreMetrics): readonly RowOutcome[] {
  let writtenCount = 0;
  let newerCount = 0;
  for (const outcome of outcomes) {
    if (outcome.status === 'written') writtenCount += 1;
    else if (outcome.status === 'already_newer') newerCount += 1;
    else metrics.rejected.inc({ reason: outcome.reason });
  }
  metrics.written.inc(writtenCount);
  metrics.alreadyNewer.inc(newerCount);
  return outcomes;
}

function settled(outcome: RowOutcome | undefined): RowOutcome {
  if (!outcome) throw new Error('a row was left without an outcome');
  return outcome;
}
