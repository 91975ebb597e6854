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
import { Sources } from './sources.ts';
import { joinState, saveState, type UpsertState } from './upsert-snapshot.ts';
import { writeFilled } from './write-filled.ts';
import { writeRows, type DueRow, type RowRefusal } from './write-rows.ts';

/** What the processor of a shard works with. */
export interface UpsertOptions {
  readonly shardId: string;
  readonly stream: string;
  readonly views: readonly View[];
  readonly openRowsMax: number;
  /** Series of which the latest forgotten row is kept, for views that fill gaps. */
  readonly fillAnchorsMax: number;
  readonly store: Store;
  readonly deadLetters: DeadLetters;
  readonly metrics: UpsertWriterMetrics;
  readonly clock: Clock;
  readonly log: Logger;
  /** Publishes what late points changed; absent where nobody wants to know. */
  readonly corrections?: Corrections | undefined;
  /** Ends a write that is under way; not the signal that asks for a drain. */
  readonly signal: AbortSignal;
}

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
  #due = new Map<PlacedRow['row'], DueRow>();
  #letters: DeadLetter[] = [];

  constructor(options: UpsertOptions) {
    this.#options = options;
  }

  async open({ ownSnapshot, parentSnapshots }: ProcessorStart): Promise<void> {
    const { views, log, shardId } = this.#options;
    const snapshots = ownSnapshot ? [ownSnapshot] : parentSnapshots;
    for (const snapshot of snapshots) {
      const { droppedRows } = joinState(snapshot, views, this.#state);
      if (droppedRows > 0) log.warn({ shardId, droppedRows }, 'Rows of removed views let go.');
    }
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
  }

  get #state(): UpsertState {
    return { rows: this.#rows, gaps: this.#gaps, sources: this.#sources };
  }

  #join(partial: WindowPartial, record: StreamRecord): void {
    const { views, metrics, openRowsMax, log, shardId } = this.#options;
    const view = views.find(({ name }) => name === partial.view);
    const payload = () => new TextEncoder().encode(encodeResultsLine({ kind: 'partial', partial }));
    if (view?.revision !== partial.revision) {
      const detail = view
        ? `view ${partial.view} has revision ${view.revision} here, the partial ${partial.revision}`
        : `view ${partial.view} is not configured here`;
      const { view: name, revision } = partial;
      log.error({ shardId, view: name, revision }, 'Partials of an unknown view are set aside.');
      return this.#setAside(record, { reason: 'unknown_view', detail, payload: payload() });
    }
    if (!view.layout.accepts(partial.accumulator)) {
      const detail = `its accumulator is not of view ${view.name}`;
      return this.#setAside(record, { reason: 'not_a_result', detail, payload: payload() });
    }
    this.#options.corrections?.look(this.#rows, view, partial);
    const { place, row, outcome } = this.#rows.join(view, partial);
    metrics.partials.inc({ outcome });
    if (!row.isHeldBack || outcome === 'orphan') this.#due.set(row, { place, row, record });
    this.#forget(this.#rows.forgetBeyond(openRowsMax), 'bound', record);
  }

  #observe(progress: Progress, record: StreamRecord): void {
    this.#sources.observe(progress);
    this.#forget(this.#rows.forgetTo(this.#sources.settledMs), 'settled', record);
  }

  /** What was held back is written before it is let go. */
  #forget(forgotten: readonly PlacedRow[], cause: 'settled' | 'bound', record: StreamRecord): void {
    if (forgotten.length === 0) return;
    this.#gaps.forget(forgotten);
    this.#options.metrics.rowsForgotten.inc({ cause }, forgotten.length);
    for (const placed of forgotten) {
      if (placed.row.isHeldBack) this.#due.set(placed.row, { ...placed, record });
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
    const { refusals, written } = await writeRows(due, this.#options);
    const unfilled = await this.#fillGaps(written);
    const { stream, shardId, corrections, signal } = this.#options;
    await corrections?.publish(signal);
    for (const { record, ...refusal } of [...refusals, ...unfilled]) {
      const place = record ? recordOfLetter(record) : { sequenceNumber: '', arrivalTimeMs: 0 };
      this.#letters.push({ stage: 'upsert-writer', stream, shardId, ...place, ...refusal });
    }
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

  #setAside(record: StreamRecord, refusal: Refusal): void {
    const { stream, shardId, metrics } = this.#options;
    metrics.partials.inc({ outcome: 'dead_lettered' });
    const { reason, detail, payload } = refusal;
    const origin = { stage: 'upsert-writer', stream, shardId, ...recordOfLetter(record) };
    this.#letters.push({ ...origin, reason, detail, payload });
  }
}
