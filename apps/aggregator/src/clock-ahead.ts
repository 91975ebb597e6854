import type { Logger, Series } from '@highwater/model';
import type { AggregatorMetrics } from './metrics.ts';

/** Synchronized clocks differ by less. */
const aheadMsMin = 1_000;
const reportIntervalMs = 60_000;
/** Maximum number of dimensions of a series in the log. */
const textLengthMax = 200;

/** The point that was furthest ahead since the last report. */
interface Furthest {
  readonly aheadMs: number;
  readonly series: Series;
}

/**
 * Reports producers whose clocks are ahead: points whose time is later than their arrival. Their
 * points are in windows that end later than those of their neighbors. No other series is affected.
 */
export class ClockAhead {
  readonly #shardId: string;
  readonly #metrics: AggregatorMetrics;
  readonly #log: Logger;
  #pointsCount = 0;
  #furthest: Furthest | undefined;
  #reportedMs = Number.NEGATIVE_INFINITY;

  constructor(shardId: string, metrics: AggregatorMetrics, log: Logger) {
    this.#shardId = shardId;
    this.#metrics = metrics;
    this.#log = log;
  }

  note(series: Series, eventTimeMs: number, arrivalTimeMs: number): void {
    const aheadMs = eventTimeMs - arrivalTimeMs;
    if (aheadMs < aheadMsMin) return;
    this.#pointsCount += 1;
    if (aheadMs > (this.#furthest?.aheadMs ?? 0)) this.#furthest = { aheadMs, series };
  }

  /**
   * Counts the points found, and once per minute reports how far ahead the furthest one was and its
   * series.
   */
  report(nowMs: number): void {
    if (nowMs - this.#reportedMs < reportIntervalMs) return;
    this.#reportedMs = nowMs;
    const furthest = this.#furthest;
    const pointsCount = this.#count();
    this.#furthest = undefined;
    const aheadSeconds = (furthest?.aheadMs ?? 0) / 1000;
    this.#metrics.clockAheadMax.set({ shard_id: this.#shardId }, aheadSeconds);
    if (!furthest) return;
    const { measureName, dimensions } = furthest.series;
    this.#log.warn(
      {
        shardId: this.#shardId,
        pointsCount,
        furthestMs: furthest.aheadMs,
        measureName,
        dimensions: dimensions
          .map(({ name, value }) => `${name}=${value}`)
          .join(', ')
          .slice(0, textLengthMax),
      },
      'The times of some points are ahead of their arrival. Check the clock of the producer.',
    );
  }

  /** This worker stops reading the shard. */
  close(): void {
    this.#count();
    this.#metrics.clockAheadMax.remove({ shard_id: this.#shardId });
  }

  /** @returns how many were found since the last call */
  #count(): number {
    const pointsCount = this.#pointsCount;
    this.#pointsCount = 0;
    this.#metrics.clockAheadPoints.inc(pointsCount);
    return pointsCount;
  }
}
