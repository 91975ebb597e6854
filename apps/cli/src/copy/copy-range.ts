import type {
  Clock,
  RejectReason,
  Row,
  RowOutcome,
  RowReader,
  Store,
  TimeSpan,
} from '@highwater/model';
import type { AddVersion } from './copy-versions.ts';
import type { CopyRange } from './plan-ranges.ts';
import type { RangeResult, Refused } from './range-result.ts';

/** What a range is copied with. */
export interface RangeCopy {
  readonly source: RowReader;
  /** Reads what `store` writes. */
  readonly target: RowReader;
  readonly store: Store;
  readonly addVersion: AddVersion;
  readonly clock: Clock;
  /** Called when more rows of the range are written. */
  readonly onWritten: (rowsCount: number) => void;
}

/** Rows in memory at once: those of one batch of the source, and those of one write. */
const batchRowsMax = 5_000;

/** Copies the rows of a range, and counts them on both sides. */
export async function copyRange(
  { source, target, store, addVersion, clock, onWritten }: RangeCopy,
  { table, startMs, endMs }: CopyRange,
  signal: AbortSignal,
): Promise<RangeResult> {
  const span: TimeSpan = { startMs, endMs };
  const tally = new Tally();
  const copiedAtSeconds = Math.floor(clock.nowMs() / 1_000);
  let pending: Row[] = [];
  const write = async () => {
    tally.add(await store.write(pending, signal));
    onWritten(pending.length);
    pending = [];
  };
  for await (const rows of source.rows(table, span, { batchRowsMax, signal })) {
    for (const row of rows) pending.push(addVersion(row, table, copiedAtSeconds));
    if (pending.length >= batchRowsMax) await write();
  }
  if (pending.length > 0) await write();
  const [{ rowsCount: sourceRows }, { rowsCount: targetRows }] = await Promise.all([
    source.summarize(table, span, signal),
    target.summarize(table, span, signal),
  ]);
  const { rowsCount: readRows, newerCount: newerRows, refused } = tally;
  return { table, ...span, sourceRows, readRows, targetRows, newerRows, refused };
}

class Tally {
  rowsCount = 0;
  newerCount = 0;
  readonly refused: Partial<Record<RejectReason, Refused>> = {};

  add(outcomes: readonly RowOutcome[]): void {
    this.rowsCount += outcomes.length;
    for (const outcome of outcomes) {
      if (outcome.status === 'already_newer') this.newerCount += 1;
      if (outcome.status !== 'rejected') continue;
      const { reason, detail } = outcome;
      const before = this.refused[reason] ?? { rowsCount: 0, detail };
      this.refused[reason] = { ...before, rowsCount: before.rowsCount + 1 };
    }
  }
}
