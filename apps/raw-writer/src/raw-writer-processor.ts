import {
  decodeRecord,
  futureDetail,
  isTooFarAhead,
  RecordRefusals,
  type Batch,
  type Clock,
  type DeadLetter,
  type DeadLetters,
  type ElementRefusal,
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

/** Which element of a record a row was made of. */
interface RowPlace {
  readonly refusals: RecordRefusals;
  readonly index: number;
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
    const places: RowPlace[] = [];
    const readings = records.map((record) => {
      const reading = { record, elementsCount: 0, refusals: new RecordRefusals() };
      for (const decoded of decodeRecord(record.data)) {
        const { index } = decoded;
        const refusal = decoded.ok ? refuseFuture(decoded.point, record, maxFutureSkewMs) : decoded;
        if (refusal) {
          reading.refusals.add({ ...refusal, index });
        } else if (decoded.ok) {
          rows.push(toRow(decoded.point, record.arrivalTimeMs));
          places.push({ refusals: reading.refusals, index });
        }
        reading.elementsCount += 1;
      }
      return reading;
    });

    const outcomes = await store.write(rows, signal);
    const counts = { written: 0, already_newer: 0, dead_lettered: 0 };
    for (const [row, outcome] of outcomes.entries()) {
      const place = places[row];
      if (!place) continue;
      if (outcome.status === 'rejected') {
        const { reason, detail } = outcome;
        place.refusals.add({ index: place.index, reason: `store_${reason}`, detail });
      } else {
        counts[outcome.status] += 1;
      }
    }
    const origin = { stage: 'raw-writer', stream, shardId };
    const letters = readings.flatMap(({ record, refusals, elementsCount }): DeadLetter[] => {
      counts.dead_lettered += refusals.count;
      return refusals.count > 0 ? [refusals.letter(record, origin, elementsCount)] : [];
    });
    if (letters.length > 0) await deadLetters.put(letters);
    this.#count(counts, records, clock.nowMs());
  }

  async tick(): Promise<void> {}

  snapshot(): ProcessorSnapshot {
    return { state: new Uint8Array() };
  }

  async committed(): Promise<void> {}

  async close(): Promise<void> {}

  #count(
    counts: Readonly<Record<'written' | 'already_newer' | 'dead_lettered', number>>,
    records: readonly StreamRecord[],
    nowMs: number,
  ): void {
    const { points, freshness } = this.#options.metrics;
    for (const [outcome, count] of Object.entries(counts)) points.inc({ outcome }, count);
    for (const { arrivalTimeMs } of records) {
      freshness.observe(Math.max(0, nowMs - arrivalTimeMs) / 1000);
    }
  }
}

function refuseFuture(
  { timeMs }: Point,
  { arrivalTimeMs }: StreamRecord,
  maxFutureSkewMs: number,
): Omit<ElementRefusal, 'index'> | undefined {
  return isTooFarAhead(timeMs, arrivalTimeMs, maxFutureSkewMs)
    ? { reason: 'future', detail: futureDetail(timeMs, arrivalTimeMs) }
    : undefined;
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
