import type { Clock } from '@highwater/model';
import type { ConsumerMetrics } from '../consumer-metrics.ts';

/** The limits of a pace. */
export interface ReadPaceOptions {
  readonly shardId: string;
  /** Shortest time between two reads. */
  readonly readIntervalMs: number;
  /** Time until the read after an empty one at the tip. */
  readonly pollIntervalMs: number;
  readonly clock: Clock;
  readonly metrics: ConsumerMetrics;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** A shard that is throttled is still read this often. */
const intervalMsMax = 5_000;
/** The minimum interval that a first throttle doubles: the shard's five reads a second. */
const throttledIntervalMsMin = 200;
/** Increase of the rate per second without a throttle, in reads a second. */
const recoveryPerSecond = 0.1;
/** How much longer than its interval a wait may be. Synchronized readers would always collide. */
const jitter = 0.2;

/**
 * Decides when a shard may be read next. A shard allows five reads a second to all its readers
 * together, and they do not know about each other. A throttled reader halves its rate, and regains
 * it over time, at the same speed for all. So they end up with equal shares, like TCP connections
 * on one link.
 *
 * A shard that is caught up is read once per poll interval.
 */
export class ReadPace implements Disposable {
  readonly #options: ReadPaceOptions;
  #intervalMs: number;
  #isTip = false;
  #lastMs = Number.NEGATIVE_INFINITY;
  #changedMs: number;

  constructor(options: ReadPaceOptions) {
    this.#options = options;
    this.#intervalMs = options.readIntervalMs;
    this.#changedMs = options.clock.monotonicMs();
  }

  /** @throws the signal's reason when it aborts first */
  async waitForTurn(signal: AbortSignal): Promise<void> {
    const { clock, pollIntervalMs, random } = this.#options;
    signal.throwIfAborted();
    const intervalMs = this.#intervalMs * (1 + jitter * random());
    const restMs = this.#isTip ? Math.max(pollIntervalMs, intervalMs) : intervalMs;
    const waitMs = this.#lastMs + restMs - clock.monotonicMs();
    if (waitMs > 0) await clock.sleep(waitMs, signal);
    this.#lastMs = clock.monotonicMs();
  }

  /** @param isTip whether the read was empty and at the tip */
  succeeded({ isTip }: { readonly isTip: boolean }): void {
    const { readIntervalMs, clock } = this.#options;
    this.#isTip = isTip;
    const seconds = (clock.monotonicMs() - this.#changedMs) / 1000;
    const perSecond = 1000 / this.#intervalMs + recoveryPerSecond * seconds;
    this.#set(Math.max(readIntervalMs, 1000 / perSecond));
  }

  throttled(): void {
    this.#set(Math.min(intervalMsMax, Math.max(throttledIntervalMsMin, this.#intervalMs) * 2));
  }

  #set(intervalMs: number): void {
    const { metrics, shardId, clock } = this.#options;
    this.#intervalMs = intervalMs;
    this.#changedMs = clock.monotonicMs();
    metrics.readInterval.set({ shard_id: shardId }, intervalMs / 1000);
  }

  [Symbol.dispose](): void {
    const { metrics, shardId } = this.#options;
    metrics.readInterval.remove({ shard_id: shardId });
  }
}
