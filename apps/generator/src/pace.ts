import type { Clock } from '@highwater/model';

/**
 * Time lost to a slow stream is caught up only to this limit. Otherwise, a stall would end in a
 * flood.
 */
const catchUpMsMax = 1_000;

/** Keeps a rate on the monotonic clock. Every point must be awaited before the next one. */
export class Pace {
  readonly #clock: Clock;
  readonly #pointsPerSecond: number;
  #dueMs: number;

  /** @param pointsPerSecond `Infinity` never waits */
  constructor(clock: Clock, pointsPerSecond: number) {
    this.#clock = clock;
    this.#pointsPerSecond = pointsPerSecond;
    this.#dueMs = clock.monotonicMs();
  }

  spend(pointsCount: number): void {
    const startMs = Math.max(this.#dueMs, this.#clock.monotonicMs() - catchUpMsMax);
    this.#dueMs = startMs + (pointsCount / this.#pointsPerSecond) * 1000;
  }

  /** Waits until the next points may be sent. */
  async ready(signal: AbortSignal): Promise<void> {
    const waitMs = this.#dueMs - this.#clock.monotonicMs();
    if (waitMs > 0) await this.#clock.sleep(waitMs, signal);
  }
}

const slicesPerSecond = 10;
/** The size of a full PutRecords batch. */
const batchRecordsMax = 500;

/** Points to send together: a full batch, or fewer so that a low rate is even. */
export function sliceSize(pointsPerSecond: number): number {
  return Math.min(batchRecordsMax, Math.max(1, Math.ceil(pointsPerSecond / slicesPerSecond)));
}
