import {
  decodeRecord,
  futureDetail,
  isTooFarAhead,
  recordOfLetter,
  type Batch,
  type Clock,
  type DeadLetter,
  type DeadLetters,
  type Point,
  type ProcessorSnapshot,
  type Row,
  type ShardProcessor,
  type Store,
  type StreamRecord,
} from '@highwater/model';
import type { RawWriterMetrics } from './metrics.ts';

/** What the processor of a shard works with. */
export interface RawWriterOptions {
  readonly store: Store;
  readonly maxFutureSkewMs: number;
  readonly deadLetters: DeadLetters;
  readonly metrics: RawWriterMetrics;
  readonly clock: Clock;
  /** Ends a write that is under way; not the signal that asks for a drain. */
  readonly signal: AbortSignal;
}

/** Writes every point of one shard of the raw stream to the store. Has no state of its own. */
export class RawWriterProcessor implements ShardProcessor {
  readonly #options: RawWriterOptions;

  constructor(options: RawWriterOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {}

  async process({ records, stream, shardId }: Batch): Promise<void> {
    const { store, maxFutureSkewMs, deadLetters, signal, clock } = this.#options;
    const rows: Row[] = [];
    const recordOfRow: StreamRecord[] = [];
    const letters: DeadLetter[] = [];
    const setAside = (
      refusal: Pick<DeadLetter, 'reason' | 'detail' | 'payload'>,
      record: StreamRecord,
    ) => {
      const origin = { stage: 'raw-writer', stream, shardId, ...recordOfLetter(record) };
      const { reason, detail, payload } = refusal;
      letters.push({ ...origin, reason, detail, payload });
    };

    for (const record of records) {
      for (const decoded of decodeRecord(record.data)) {
        const { arrivalTimeMs } = record;
        if (!decoded.ok) {
          setAside(decoded, record);
        } else if (isTooFarAhead(decoded.point.timeMs, arrivalTimeMs, maxFutureSkewMs)) {
          const detail = futureDetail(decoded.point.timeMs, arrivalTimeMs);
          setAside({ reason: 'future', detail, payload: record.data }, record);
        } else {
          rows.push(toRow(decoded.point, arrivalTimeMs));
          recordOfRow.push(record);
        }
      }
    }

    const outcomes = await store.write(rows, signal);
    const counts = { written: 0, already_newer: 0 };
    for (const [index, outcome] of outcomes.entries()) {
      const record = recordOfRow[index];
      if (!record) continue;
      if (outcome.status === 'rejected') {
        const { reason, detail } = outcome;
        setAside({ reason: `store_${reason}`, detail, payload: record.data }, record);
      } else {
        counts[outcome.status] += 1;
      }
    }
    if (letters.length > 0) await deadLetters.put(letters);
    this.#count(counts, letters.length, records, clock.nowMs());
  }

  async tick(): Promise<void> {}

  snapshot(): ProcessorSnapshot {
    return { state: new Uint8Array() };
  }

  async committed(): Promise<void> {}

  async close(): Promise<void> {}

  #count(
    counts: Readonly<Record<'written' | 'already_newer', number>>,
    deadLettered: number,
    records: readonly StreamRecord[],
    nowMs: number,
  ): void {
    const { points, freshness } = this.#options.metrics;
    points.inc({ outcome: 'written' }, counts.written);
    points.inc({ outcome: 'already_newer' }, counts.already_newer);
    points.inc({ outcome: 'dead_lettered' }, deadLettered);
    for (const { arrivalTimeMs } of records) {
      freshness.observe(Math.max(0, nowMs - arrivalTimeMs) / 1000);
    }
  }
}

/** A later arrival wins; a re-delivery of the same record changes nothing. */
function toRow(point: Point, arrivalTimeMs: number): Row {
  const { series, value, time, timeUnit } = point;
  return {
    measureName: series.measureName,
    measureValueType: series.measureValueType,
    measureValue: value,
    dimensions: series.dimensions,
    time,
    timeUnit,
    version: arrivalTimeMs,
  };
}
