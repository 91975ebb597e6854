import type {
  Clock,
  DeadLetter,
  DeadLetterReason,
  Row,
  RowOutcome,
  Store,
  StreamRecord,
} from '@highwater/model';
import { foldPlaced, versionOf, type PlacedRow, type ViewRow } from '@highwater/windowing';
import type { UpsertWriterMetrics } from './metrics.ts';
import { writeOrRound } from './write-or-round.ts';

/**
 * A row whose version may have risen, with the record that made it due (undefined when time did).
 */
export interface DueRow extends PlacedRow {
  readonly record?: StreamRecord | undefined;
}

/** A row that the store does not have, and the reason. */
export type RowRefusal = Pick<DeadLetter, 'reason' | 'detail' | 'payload'> & {
  readonly record?: StreamRecord | undefined;
};

/** Outcomes of due rows. */
export interface WrittenRows {
  /** Rows that the store now has in this version, or in a higher one. */
  readonly written: readonly PlacedRow[];
  /** Rows that the store rejected, for the dead letters. */
  readonly refusals: readonly RowRefusal[];
}

/** The rows to send for one due row. */
interface Upsert {
  readonly due: DueRow;
  readonly version: number;
  readonly rows: readonly Row[];
}

/** Writes the rows whose versions have risen since they were last written. */
export async function writeRows(
  due: readonly DueRow[],
  context: {
    readonly store: Store;
    /** Whether the store says that it has a newer row. @default true */
    readonly detectsConflicts?: boolean | undefined;
    readonly metrics: UpsertWriterMetrics;
    readonly clock: Clock;
    readonly signal: AbortSignal;
    /** Receives every row that the store accepted. */
    readonly corrections?: { written(placed: PlacedRow, stored: Row): void } | undefined;
  },
): Promise<WrittenRows> {
  const { store, metrics, clock, signal, corrections, detectsConflicts = true } = context;
  const refusals: RowRefusal[] = [];
  const upserts: Upsert[] = [];
  for (const each of due) {
    if (versionOf(each) <= each.row.writtenVersion) continue;
    const folded = foldPlaced(each);
    upserts.push({ due: each, version: folded.version, rows: folded.rows });
    if (folded.isSumRounded) metrics.roundedRows.inc({ cause: 'sum' });
    if (folded.notFinite.length > 0) {
      const detail = `${folded.notFinite.join(', ')} of ${each.row.series.measureName} is outside the range of a DOUBLE, or has more points than the aggregate can keep`;
      refusals.push(refusal(each, 'not_finite', detail, each.row.series));
    }
  }
  if (upserts.length === 0) return { written: [], refusals };

  const { outcomes, roundedCount } = await writeOrRound(
    store,
    upserts.flatMap(({ rows }) => rows),
    signal,
  );
  metrics.roundedRows.inc({ cause: 'store' }, roundedCount);
  const written: PlacedRow[] = [];
  let at = 0;
  for (const { due: each, version, rows } of upserts) {
    const own = outcomes.slice(at, at + rows.length);
    at += rows.length;
    const isCorrection = each.row.writtenVersion > 0;
    each.row.writtenVersion = version;
    for (const [index, outcome] of own.entries()) {
      metrics.rows.inc({ outcome: rowOutcome(outcome, isCorrection) });
      const row = rows[index];
      if (row && outcome.status === 'written') corrections?.written(each, row);
      const refused =
        refusalOf(each, outcome, row) ?? (detectsConflicts ? undefined : unsure(each, row));
      if (refused) refusals.push(refused);
    }
    // A rejected orphan does not count as a row of its own.
    const isRow = each.row.kind === 'complete' || own.some(({ status }) => status === 'written');
    if (isRow) written.push(each);
    metrics.freshness.observe(Math.max(0, clock.nowMs() - newestArrivalTimeMs(each.row)) / 1000);
  }
  return { written, refusals };
}

function rowOutcome(
  outcome: RowOutcome,
  isCorrection: boolean,
): 'created' | 'corrected' | 'already_newer' | 'rejected' {
  if (outcome.status !== 'written') return outcome.status;
  return isCorrection ? 'corrected' : 'created';
}

function refusalOf(due: DueRow, outcome: RowOutcome, row: Row | undefined): RowRefusal | undefined {
  if (outcome.status === 'rejected') {
    return refusal(due, `store_${outcome.reason}`, outcome.detail, row);
  }
  if (outcome.status === 'already_newer' && due.row.kind === 'orphan') {
    const detail =
      'its row was already removed from memory, and the stored row has more points or other points';
    return refusal(due, 'row_forgotten', detail, row);
  }
  return undefined;
}

/** The orphan may be the only row, or one that readers never see: better told than lost. */
function unsure(due: DueRow, row: Row | undefined): RowRefusal | undefined {
  if (due.row.kind !== 'orphan') return undefined;
  const detail =
    'its row was already removed from memory, and the store does not say whether it has a row with more points or other points';
  return refusal(due, 'row_forgotten', detail, row);
}

function refusal(
  due: DueRow,
  reason: DeadLetterReason,
  detail: string,
  content: unknown,
): RowRefusal {
  const payload = new TextEncoder().encode(JSON.stringify(content));
  return { reason, detail, payload, record: due.record };
}

function newestArrivalTimeMs(row: ViewRow): number {
  let newestMs = 0;
  for (const partial of row.partials) {
    newestMs = Math.max(newestMs, partial.newestArrivalTimeMs);
  }
  return newestMs;
}
