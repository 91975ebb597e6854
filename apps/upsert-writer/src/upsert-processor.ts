import {
  decodeResultsRecord,
  encodeResultsLine,
  recordOfLetter,
  type Batch,
  type Clock,
  type DeadLetter,
  type DeadLetters,
  type Logger,
  type ProcessorSnapshot,
  type ProcessorStart,
  type Progress,
  type ShardProcessor,
  type Store,
  type StreamRecord,
  type WindowPartial,
} from '@highwater/model';
import { GapFiller, OpenRows, type PlacedRow, type View } from '@highwater/windowing';
import type { Corrections } from './corrections.ts';
import type { UpsertWriterMetrics } from './metrics.ts';
import { whyNoPartial, whyNoProgress } from './impossible.ts';
import { RaisedViews } from './raised-views.ts';
import { Sources } from './sources.ts';
import { joinState, saveState, type UpsertState } from './upsert-snapshot.ts';
import { writeFilled } from './write-filled.ts';
import { writeRows, type DueRow, type RowRefusal } from './write-rows.ts';

/** Dependencies of the processor of a shard. */
export interface UpsertOptions {
  readonly shardId: string;
  readonly stream: string;
  readonly views: readonly View[];
  readonly openRowsMax: number;
  /** The same as in the aggregators. */
  readonly maxFutureSkewMs: number;
  /** Number of series whose latest forgotten row is kept, for views that fill gaps. */
  readonly fillAnchorsMax: number;
  readonly store: Store;
  /**
   * Whether the store says that it has a newer row. Otherwise, each partial for a forgotten row goes to
   * the dead letters, too. @default true
   */
  readonly detectsConflicts?: boolean | undefined;
  readonly deadLetters: DeadLetters;
  readonly metrics: UpsertWriterMetrics;
  readonly clock: Clock;
  readonly log: Logger;
  /** Publishes the changes made by late points; undefined if corrections are off. */
  readonly corrections?: Corrections | undefined;
  /** Aborts a write in progress. It is not the signal that asks for a drain. */
  readonly signal: AbortSignal;
}

/** Rows that are folded, written, and set aside together, however many are due at the same time. */
const rowsTogetherMax = 20_000;

type Refusal = Pick<DeadLetter, 'reason' | 'detail' | 'payload'>;

/**
 * Joins the partials of one shard of the results stream into view rows, and writes every row whose
 * version has risen.
 */
export class UpsertProcessor implements ShardProcessor {
  readonly #options: UpsertOptions;
  readonly #rows = new OpenRows();
  readonly #gaps = new GapFiller(this.#rows);
  readonly #sources = new Sources();
  readonly #raised: RaisedViews;
  #due = new Map<PlacedRow['row'], DueRow>();
  #letters: DeadLetter[] = [];

  constructor(options: UpsertOptions) {
    this.#options = options;
    const { shardId, views, log } = options;
    this.#raised = new RaisedViews({
      shardId,
      views,
      log,
      rows: this.#rows,
      sources: this.#sources,
    });
  }

  async open({ ownSnapshot, parentSnapshots }: ProcessorStart): Promise<void> {
    const { views, log, shardId } = this.#options;
    const snapshots = ownSnapshot ? [ownSnapshot] : parentSnapshots;
    for (const snapshot of snapshots) {
      const { droppedRows, unwritten } = joinState(snapshot, views, this.#state);
      if (droppedRows > 0)
        log.warn(
          { shardId, droppedRows },
          'Dropped the open rows of views that are no longer in the views file.',
        );
      for (const refusal of unwritten) this.#refuse(refusal);
    }
    this.#updateViews();
    if (snapshots.length > 1) {
      for (const placed of this.#raised.unheldRows()) this.#due.set(placed.row, placed);
    }
    // A checkpoint may come before the first record.
    if (this.#due.size + this.#letters.length > 0) await this.#flush();
  }

  async process({ records }: Batch): Promise<void> {
    for (const record of records) {
      for (const decoded of decodeResultsRecord(record.data)) {
        if (!decoded.ok) this.#setAside(record, decoded);
        else if (decoded.line.kind === 'partial') this.#join(decoded.line.partial, record);
        else this.#observe(decoded.line.progress, record);
      }
    }
    await this.#flush();
  }

  async tick(nowMs: number): Promise<void> {
    const { metrics, shardId } = this.#options;
    this.#releaseHeldBack(nowMs);
    await this.#flush();
    metrics.openRows.set({ shard_id: shardId }, this.#rows.rowsCount);
    metrics.anchors.set({ shard_id: shardId }, this.#gaps.anchorsCount);
    const { settledMs } = this.#sources;
    if (Number.isFinite(settledMs)) metrics.settled.set({ shard_id: shardId }, settledMs / 1000);
    const { heldRowsCount } = this.#raised;
    metrics.heldRows.set({ shard_id: shardId }, heldRowsCount);
    this.#raised.report(nowMs, heldRowsCount);
  }

  snapshot(): ProcessorSnapshot {
    return { state: saveState(this.#state, this.#options.views) };
  }

  async committed(): Promise<void> {}

  async close(): Promise<void> {
    const { metrics, shardId } = this.#options;
    metrics.openRows.remove({ shard_id: shardId });
    metrics.anchors.remove({ shard_id: shardId });
    metrics.settled.remove({ shard_id: shardId });
    metrics.heldRows.remove({ shard_id: shardId });
  }

  get #state(): UpsertState {
    return { rows: this.#rows, gaps: this.#gaps, sources: this.#sources };
  }

  #join(partial: WindowPartial, record: StreamRecord): void {
    const { views, openRowsMax, maxFutureSkewMs } = this.#options;
    const view = views.find(({ name }) => name === partial.view);
    const payload = () => new TextEncoder().encode(encodeResultsLine({ kind: 'partial', partial }));
    if (view?.revision !== partial.revision) {
      const detail = view
        ? `view ${partial.view} has revision ${view.revision} in upsert-writer, but the partial has revision ${partial.revision}`
        : `view ${partial.view} is not in the views file of upsert-writer`;
      return this.#setAside(
        record,
        { reason: 'unknown_view', detail, payload: payload() },
        partial,
      );
    }
    if (!view.layout.accepts(partial.accumulator)) {
      const detail = `its accumulator does not belong to view ${view.name}`;
      return this.#setAside(record, { reason: 'not_a_result', detail, payload: payload() });
    }
    const whyNot = whyNoPartial(view, partial, record, maxFutureSkewMs);
    if (whyNot !== undefined) {
      return this.#setAside(record, { reason: 'impossible', detail: whyNot, payload: payload() });
    }
    if (this.#raised.standingOf(view, partial.startMs) === 'began_later') {
      return this.#setAside(record, { ...this.#raised.explainLater(view), payload: payload() });
    }
    this.#options.corrections?.look(this.#rows, view, partial);
    const { place, row, outcome } = this.#rows.join(view, partial);
    this.#tell(outcome);
    if (!row.isHeldBack || outcome === 'orphan') this.#due.set(row, { place, row, record });
    this.#forget(this.#rows.forgetBeyond(openRowsMax), 'bound', record);
  }

  #observe(progress: Progress, record: StreamRecord): void {
    const whyNot = whyNoProgress(progress, record, this.#options.maxFutureSkewMs);
    if (whyNot !== undefined) {
      const payload = new TextEncoder().encode(encodeResultsLine({ kind: 'progress', progress }));
      return this.#keep(record, { reason: 'impossible', detail: whyNot, payload });
    }
    this.#sources.observe(progress);
    this.#updateViews(record);
    this.#forget(this.#rows.forgetTo(this.#sources.settledMs), 'settled', record);
  }

  /** Call this after sources have reported: rows of raised views may be written now, or never. */
  #updateViews(record?: StreamRecord): void {
    const { released, refused } = this.#raised.update();
    for (const placed of released) this.#due.set(placed.row, { ...placed, record });
    this.#forget(refused, 'view_began_later', record);
  }

  /** Held rows are written before they are forgotten, or set aside. */
  #forget(
    forgotten: readonly PlacedRow[],
    cause: 'settled' | 'bound' | 'view_began_later',
    record: StreamRecord | undefined,
  ): void {
    if (forgotten.length === 0) return;
    const isFree = ({ place: { view, window } }: PlacedRow) =>
      this.#raised.standingOf(view, window.startMs) === 'free';
    this.#gaps.forget(
      forgotten.filter((placed) => isFree(placed) || placed.row.writtenVersion > 0),
    );
    this.#options.metrics.rowsForgotten.inc({ cause }, forgotten.length);
    for (const placed of forgotten) {
      if (placed.row.isHeldBack || !isFree(placed))
        this.#due.set(placed.row, { ...placed, record });
    }
  }

  #releaseHeldBack(nowMs: number): void {
    for (const { rows, ...place } of this.#rows.windows) {
      if (place.window.endMs > nowMs) continue;
      for (const row of rows.values()) {
        if (!row.isHeldBack) continue;
        row.isHeldBack = false;
        this.#due.set(row, { place, row });
      }
    }
  }

  /** Resolves when every due row has its outcome and every letter is durable. */
  async #flush(): Promise<void> {
    const due = [...this.#due.values()];
    this.#due = new Map();
    const written: PlacedRow[] = [];
    for (let first = 0; first < due.length; first += rowsTogetherMax) {
      const { ready, refusals } = this.#raised.divide(due.slice(first, first + rowsTogetherMax));
      for (const refusal of refusals) this.#refuse(refusal);
      const outcome = await writeRows(ready, this.#options);
      for (const placed of outcome.written) written.push(placed);
      for (const refusal of outcome.refusals) this.#refuse(refusal);
      await this.#putLetters();
    }
    for (const refusal of await this.#fillGaps(written)) this.#refuse(refusal);
    const { corrections, signal } = this.#options;
    await corrections?.publish(signal);
    await this.#putLetters();
  }

  async #putLetters(): Promise<void> {
    const letters = this.#letters;
    this.#letters = [];
    if (letters.length > 0) await this.#options.deadLetters.put(letters);
  }

  async #fillGaps(written: readonly PlacedRow[]): Promise<readonly RowRefusal[]> {
    const { metrics, fillAnchorsMax } = this.#options;
    this.#gaps.forget(written.filter(({ row }) => row.kind === 'orphan'));
    const refusals = await writeFilled(this.#gaps.fillBeside(written), this.#options);
    const { expired, bound } = this.#gaps.settle(fillAnchorsMax);
    metrics.anchorsForgotten.inc({ cause: 'expired' }, expired);
    metrics.anchorsForgotten.inc({ cause: 'bound' }, bound);
    return refusals;
  }

  /** Sets a row aside, with the record that made it due. */
  #refuse({ record, ...refusal }: RowRefusal): void {
    const { stream, shardId } = this.#options;
    const place = record ? recordOfLetter(record) : { sequenceNumber: '', arrivalTimeMs: 0 };
    this.#letters.push({ stage: 'upsert-writer', stream, shardId, ...place, ...refusal });
  }

  /** Sets aside a line that is, or may have been, a partial. */
  #setAside(record: StreamRecord, refusal: Refusal, unknown?: WindowPartial): void {
    this.#tell('dead_lettered', unknown);
    this.#keep(record, refusal);
  }

  /** @param unknown a partial whose view is not configured here, which a person must know about */
  #tell(outcome: string, unknown?: WindowPartial): void {
    const { metrics, log, shardId } = this.#options;
    metrics.partials.inc({ outcome });
    if (!unknown) return;
    const { view, revision } = unknown;
    log.error(
      { shardId, view, revision },
      'Partial results of a view that is not in the views file of upsert-writer go to the dead letters. Deploy aggregator and upsert-writer with the same views file.',
    );
  }

  #keep(record: StreamRecord, refusal: Refusal): void {
    const { stream, shardId } = this.#options;
    const { reason, detail, payload } = refusal;
    const origin = { stage: 'upsert-writer', stream, shardId, ...recordOfLetter(record) };
    this.#letters.push({ ...origin, reason, detail, payload });
  }
}
