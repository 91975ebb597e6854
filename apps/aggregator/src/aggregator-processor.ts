import {
  joinLetters,
  type Batch,
  type CloseReason,
  type DeadLetter,
  type DeadLetters,
  type Firing,
  type Logger,
  type ProcessorSnapshot,
  type ProcessorStart,
  type Progress,
  type ShardProcessor,
  type WindowPartial,
} from '@highwater/model';
import {
  inheritOperator,
  RecordFolder,
  restoreOperator,
  snapshotOperator,
  WindowOperator,
  type View,
} from '@highwater/windowing';
import assert from 'node:assert/strict';
import { BoundedPuts, type PutRecords } from './bounded-puts.ts';
import { ClockAhead } from './clock-ahead.ts';
import type { AggregatorMetrics } from './metrics.ts';
import { PointTally } from './point-tally.ts';
import { RecordOutcomes } from './record-outcomes.ts';
import { PartialPacker, packProgress } from './results-records.ts';

/** Dependencies of the processor of a shard. */
export interface AggregatorOptions {
  readonly shardId: string;
  readonly views: readonly View[];
  readonly outOfOrdernessMs: number;
  readonly maxFutureSkewMs: number;
  /** Series in open windows. */
  readonly seriesMax: number;
  /** Open windows, over all views. */
  readonly windowsMax: number;
  /** Open rows, over all views. */
  readonly rowsMax: number;
  /** Resolves when the results stream has accepted the records. */
  readonly putResults: PutRecords;
  readonly deadLetters: DeadLetters;
  readonly metrics: AggregatorMetrics;
  readonly log: Logger;
}

/** Records per put, half a megabyte: encoding them takes a few milliseconds. */
const putRecordsTarget = 20;
/** Maximum concurrent puts of one firing. */
const putsInFlightMax = 4;

/**
 * An idle source keeps the rows open that became final in the last five minutes, but no older ones.
 * Its points are late for a row when they are delayed by more than this and the allowed lateness.
 * Every additional minute costs upsert-writer the rows of one minute of all series: see decision
 * 0003.
 */
const idleHoldMs = 300_000;

function finite(timeMs: number): number | undefined {
  return Number.isFinite(timeMs) ? timeMs : undefined;
}

/** Aggregates one shard of the raw stream and puts its partials on the results stream. */
export class AggregatorProcessor implements ShardProcessor {
  readonly #options: AggregatorOptions;
  #operator: WindowOperator;
  #folder: RecordFolder;
  readonly #clockAhead: ClockAhead;
  #idleSettledMs = Number.NEGATIVE_INFINITY;
  #isEnded = false;

  constructor(options: AggregatorOptions) {
    this.#options = options;
    const { shardId: source, ...settings } = options;
    const { views, outOfOrdernessMs, maxFutureSkewMs, seriesMax, windowsMax, rowsMax } = settings;
    this.#operator = new WindowOperator({
      views,
      source,
      outOfOrdernessMs,
      maxFutureSkewMs,
      seriesMax,
      windowsMax,
      rowsMax,
    });
    this.#folder = new RecordFolder(this.#operator);
    this.#clockAhead = new ClockAhead(source, options.metrics, options.log);
  }

  async open(start: ProcessorStart): Promise<void> {
    const { ownSnapshot, parentSnapshots, peerShardIds, replay } = start;
    const { log, shardId } = this.#options;
    if (ownSnapshot) {
      const restored = restoreOperator(ownSnapshot, this.#operator.options);
      this.#operator = restored.operator;
      for (const { view, rowsCount } of restored.dropped) {
        log.warn(
          { shardId, view, rowsCount },
          'Dropped the open rows of a view that is no longer in the views file.',
        );
      }
    } else if (replay) {
      this.#operator = new WindowOperator(this.#operator.options, replay);
    } else if (parentSnapshots.length > 0) {
      this.#operator = inheritOperator(parentSnapshots, this.#operator.options);
    }
    this.#folder = new RecordFolder(this.#operator);
    // So that no row is forgotten before every source has reported.
    await this.#sendProgress({ peers: peerShardIds });
  }

  async process({ records, stream, shardId }: Batch): Promise<void> {
    const letters: DeadLetter[] = [];
    const tally = new PointTally();
    const outcomes = new RecordOutcomes(tally, this.#clockAhead);
    const origin = { stage: 'aggregator', stream, shardId };
    for (const record of records) {
      outcomes.begin(record);
      this.#folder.fold(record, outcomes);
      const letter = outcomes.letter(record, origin);
      if (letter) letters.push(letter);
    }
    tally.report(this.#options.metrics);
    if (letters.length > 0) await this.#options.deadLetters.put(joinLetters(letters));
    await this.#emit(this.#operator.drain());
  }

  async tick(nowMs: number, isIdle: boolean): Promise<void> {
    const { outOfOrdernessMs, shardId, metrics } = this.#options;
    if (isIdle) {
      await this.#endRecord();
      await this.#emit(this.#operator.fire('idle', nowMs - outOfOrdernessMs));
      this.#idleSettledMs = Math.floor(nowMs) - outOfOrdernessMs - idleHoldMs;
    }
    await this.#emit(this.#operator.tick(nowMs));
    this.#clockAhead.report(nowMs);
    const { watermarkMs, openRows, openWindows } = this.#operator;
    const labels = { shard_id: shardId };
    if (Number.isFinite(watermarkMs)) {
      metrics.watermark.set(labels, watermarkMs / 1000);
      metrics.watermarkLag.set(labels, (nowMs - watermarkMs) / 1000);
    }
    metrics.openSeries.set(labels, this.#operator.series.openCount);
    metrics.openRows.set(labels, openRows);
    metrics.openWindows.set(labels, openWindows);
    metrics.earlyWaitingRows.set(labels, this.#operator.earlyWaitingRows(nowMs));
  }

  snapshot(): ProcessorSnapshot {
    const { watermarkMs, replayFrom } = this.#operator;
    return {
      state: snapshotOperator(this.#operator),
      watermarkMs: finite(watermarkMs),
      replayFrom: replayFrom && {
        sequenceNumber: replayFrom.sequenceNumber,
        watermarkMs: finite(replayFrom.watermarkMs),
        newestEventTimeMs: finite(replayFrom.newestEventTimeMs),
      },
    };
  }

  async committed(): Promise<void> {
    // Only now, because a replay from this checkpoint can no longer change rows that the marker
    // calls settled.
    if (!this.#isEnded) await this.#sendProgress({});
  }

  async close(reason: CloseReason, children: readonly string[]): Promise<void> {
    const { metrics, shardId } = this.#options;
    if (reason === 'shard_end') {
      await this.#endRecord();
      await this.#emit(this.#operator.fire('shard_end', Number.POSITIVE_INFINITY));
      this.#isEnded = true;
      // Before the checkpoint that ends the shard, because nobody would send it afterwards.
      await this.#sendProgress({ children });
    }
    this.#clockAhead.close();
    for (const gauge of [
      metrics.watermark,
      metrics.watermarkLag,
      metrics.openSeries,
      metrics.openRows,
      metrics.openWindows,
      metrics.earlyWaitingRows,
    ]) {
      gauge.remove({ shard_id: shardId });
    }
  }

  /**
   * No more sub-records of the last record can arrive, because the shard is quiet or at its end.
   */
  async #endRecord(): Promise<void> {
    this.#operator.endRecord();
    await this.#emit(this.#operator.drain());
  }

  /** Puts partials while more are created. Resolves when all were accepted. */
  async #emit(partials: Iterable<WindowPartial>): Promise<void> {
    const packer = new PartialPacker();
    const puts = new BoundedPuts(this.#options.putResults, putsInFlightMax);
    const counts = new Map<Firing, number>();
    for (const partial of partials) {
      packer.add(partial);
      counts.set(partial.firing, (counts.get(partial.firing) ?? 0) + 1);
      if (packer.fullCount >= putRecordsTarget) await puts.begin(packer.takeFull());
    }
    if (counts.size === 0) return;
    await puts.begin(packer.takeAll());
    await puts.settled();
    const { partialsEmitted } = this.#options.metrics;
    for (const [firing, count] of counts) partialsEmitted.inc({ firing }, count);
  }

  async #sendProgress({
    children = [],
    peers = [],
  }: Partial<Pick<Progress, 'children' | 'peers'>>): Promise<void> {
    const settledMs = Math.max(this.#operator.watermarkMs, this.#idleSettledMs);
    const progress: Progress = {
      source: this.#options.shardId,
      settledMs: Number.isFinite(settledMs) ? settledMs : null,
      isEnded: this.#isEnded,
      children,
      peers,
      views: this.#operator.views.map(({ view, beginsAtMs }) => ({
        view: view.name,
        revision: view.revision,
        beginsAtMs: finite(beginsAtMs) ?? null,
      })),
    };
    assert(children.length === 0 || this.#isEnded, 'only an ended shard has children');
    await this.#options.putResults(packProgress(progress));
  }
}
