import {
  decodeRecord,
  futureDetail,
  isTooFarAhead,
  joinLetters,
  RecordRefusals,
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

/** Dependencies of the processor of a shard. */
export interface RawWriterOptions {
  readonly store: Store;
  readonly maxFutureSkewMs: number;
  readonly deadLetters: DeadLetters;
  readonly metrics: RawWriterMetrics;
  readonly clock: Clock;
  /** Aborts a write in progress. It is not the signal that asks for a drain. */
  readonly signal: AbortSignal;
}

/** A record that is being processed, and its rejected elements. */
interface Reading {
  readonly record: StreamRecord;
  readonly refusals: RecordRefusals;
  elementsCount: number;
}

/** A row, with its record and the index of its element. */
interface PlacedRow {
  readonly row: Row;
  readonly reading: Reading;
  readonly index: number;
}

/** How many points are in the store, as written or as something newer. */
interface StoredCounts {
  written: number;
  already_newer: number;
}

/**
 * Rows per write. Without this limit, a record of many small points would need many times its size.
 */
const rowsPerWriteMax = 10_000;

/** Writes the points of one raw shard to the store, and sets aside unusable ones. Has no state. */
export class RawWriterProcessor implements ShardProcessor {
  readonly #options: RawWriterOptions;

  constructor(options: RawWriterOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {}

  async process({ records, stream, shardId }: Batch): Promise<void> {
    const { deadLetters, clock } = this.#options;
    const counts = { written: 0, already_newer: 0, dead_lettered: 0 };
    const readings: Reading[] = [];
    let placed: PlacedRow[] = [];
    for (const record of records) {
      const reading = { record, refusals: new RecordRefusals(), elementsCount: 0 };
      readings.push(reading);
      for (const row of this.#read(reading)) {
        placed.push(row);
        if (placed.length < rowsPerWriteMax) continue;
        await this.#write(placed, counts);
        placed = [];
      }
    }
    await this.#write(placed, counts);

    const origin = { stage: 'raw-writer', stream, shardId };
    const letters = readings.flatMap(({ record, refusals, elementsCount }): DeadLetter[] => {
      counts.dead_lettered += refusals.count;
      return refusals.count > 0 ? [refusals.letter(record, origin, elementsCount)] : [];
    });
    if (letters.length > 0) await deadLetters.put(joinLetters(letters));
    this.#count(counts, records, clock.nowMs());
  }

  async tick(): Promise<void> {}

  snapshot(): ProcessorSnapshot {
    return { state: new Uint8Array() };
  }

  async committed(): Promise<void> {}

  async close(): Promise<void> {}

  *#read(reading: Reading): Generator<PlacedRow> {
    const { record, refusals } = reading;
    const { maxFutureSkewMs } = this.#options;
    for (const decoded of decodeRecord(record.data)) {
      const { index } = decoded;
      reading.elementsCount += 1;
      if (!decoded.ok) {
        refusals.add(decoded);
        continue;
      }
      const { point } = decoded;
      if (isTooFarAhead(point.timeMs, record.arrivalTimeMs, maxFutureSkewMs)) {
        const detail = futureDetail(point.timeMs, record.arrivalTimeMs);
        refusals.add({ index, reason: 'future', detail });
        continue;
      }
      yield { row: toRow(point, record.arrivalTimeMs), reading, index };
    }
  }

  /**
   * Counts the rows that the store accepted, and adds rejected ones to the refusals of their
   * record.
   */
  async #write(placed: readonly PlacedRow[], counts: StoredCounts): Promise<void> {
    const { store, signal } = this.#options;
    const outcomes = await store.write(
      placed.map(({ row }) => row),
      signal,
    );
    for (const [at, outcome] of outcomes.entries()) {
      if (outcome.status !== 'rejected') {
        counts[outcome.status] += 1;
        continue;
      }
      const { reason, detail } = outcome;
      const place = placed[at];
      place?.reading.refusals.add({ index: place.index, reason: `store_${reason}`, detail });
    }
  }

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

/** A later arrival wins. A repeated delivery of the same record changes nothing. */
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
