import type { Row, Store } from '@highwater/model';
import type { UpsertWriterMetrics } from './metrics.ts';
import type { RowRefusal } from './write-rows.ts';

/**
 * Writes rows that fill gaps. A filled row may lose to a row with points, or to a narrower gap,
 * which is expected.
 *
 * @returns rows that the store rejected, for the dead letters
 */
export async function writeFilled(
  rows: readonly Row[],
  context: {
    readonly store: Store;
    readonly metrics: UpsertWriterMetrics;
    readonly signal: AbortSignal;
  },
): Promise<readonly RowRefusal[]> {
  if (rows.length === 0) return [];
  const { store, metrics, signal } = context;
  const outcomes = await store.write(rows, signal);
  const refusals: RowRefusal[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    metrics.filledRows.inc({ outcome: outcome.status });
    if (outcome.status !== 'rejected') continue;
    const { reason, detail } = outcome;
    const payload = new TextEncoder().encode(JSON.stringify(rows[index]));
    refusals.push({ reason: `store_${reason}`, detail, payload });
  }
  return refusals;
}
