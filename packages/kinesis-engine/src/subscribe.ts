import type { Clock, SequenceNumber } from '@highwater/model';
import type { LoggedRecord } from './frame.ts';
import type { MemoryShard } from './memory-shard.ts';
import type { MemoryStream } from './memory-stream.ts';
import { readShard } from './read-shard.ts';

/** One event of a subscription. */
export interface SubscriptionEvent {
  readonly shard: MemoryShard;
  readonly records: readonly LoggedRecord[];
  /** Where to resume; undefined in the last event of a closed shard. */
  readonly continuation: SequenceNumber | undefined;
  readonly behindLatestMs: number;
  readonly children: readonly MemoryShard[];
}

/** Timing of subscriptions. The defaults are those of the service. */
export interface SubscriptionTimes {
  /** Time after which the server ends it. @default 300_000 */
  readonly lifeMs: number;
  /**
   * For this long after a successful call, another one is rejected instead of taking over. @default
   * 5000
   */
  readonly takeOverMs: number;
  /** A shard without records still gets an event this often. @default 5000 */
  readonly heartbeatMs: number;
}

/** Maximum records and bytes of one event. */
const eventRecordsMax = 1000;
const eventBytesMax = 1024 * 1024;
/** With limits: 2 MiB a second per consumer and shard. */
const bytesPerSecond = 2 * 1024 * 1024;

/**
 * The events of one subscription, until the shard ends, its time is over, or the signal aborts.
 * Reads only as fast as the events are consumed.
 */
export async function* subscriptionEvents(options: {
  readonly clock: Clock;
  readonly stream: MemoryStream;
  readonly shard: MemoryShard;
  readonly startIndex: number;
  readonly times: SubscriptionTimes;
  readonly signal: AbortSignal;
}): AsyncGenerator<SubscriptionEvent, void, undefined> {
  const { clock, stream, shard, times, signal } = options;
  const endMs = clock.monotonicMs() + times.lifeMs;
  let index = options.startIndex;
  // The first event is immediate, so that a client knows its position.
  let beatMs = clock.monotonicMs();
  using waiting = new Waiting(clock, shard, signal);
  while (!signal.aborted && !stream.isGone && clock.monotonicMs() < endMs) {
    const nowMs = clock.nowMs();
    stream.settle(nowMs);
    const limits = { recordsMax: eventRecordsMax, bytesMax: eventBytesMax };
    waiting.arm();
    const read = await readShard(stream, shard, { index, nowMs, ...limits });
    const { records, isEnd, nextIndex, behindLatestMs, children } = read;
    if (records.length > 0 || isEnd || clock.monotonicMs() >= beatMs) {
      index = nextIndex;
      beatMs = clock.monotonicMs() + times.heartbeatMs;
      const continuation = isEnd ? undefined : shard.minter.continuation(index - 1, nowMs);
      yield { shard, records, continuation, behindLatestMs, children };
      if (isEnd) return;
      if (stream.settings.enforcesLimits) await waiting.pass(deliveryMs(records));
      continue;
    }
    const dueMs = stream.nextTransitionMs ?? Infinity;
    const untilMs = Math.min(beatMs, endMs) - clock.monotonicMs();
    await waiting.change(Math.max(0, Math.min(untilMs, dueMs - nowMs)));
  }
}

/** How long the service takes to deliver this many bytes. */
function deliveryMs(records: readonly LoggedRecord[]): number {
  const bytes = records.reduce((sum, { data }) => sum + data.length, 0);
  return (bytes / bytesPerSecond) * 1000;
}

/** Waits for a time, or until the shard has something new, whichever is first. */
class Waiting implements Disposable {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #watch: Disposable;
  #wake = new AbortController();

  constructor(clock: Clock, shard: MemoryShard, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
    this.#watch = shard.watch(() => this.#wake.abort());
    signal.addEventListener('abort', this.#onAbort);
  }

  /** Detects every change from here on. Call it before reading the shard. */
  arm(): void {
    if (this.#wake.signal.aborted && !this.#signal.aborted) this.#wake = new AbortController();
  }

  async change(durationMs: number): Promise<void> {
    // The signal only wakes the waiting code, so its rejection is not an error.
    await this.#clock.sleep(durationMs, this.#wake.signal).catch(() => undefined);
  }

  async pass(durationMs: number): Promise<void> {
    if (durationMs > 0) await this.#clock.sleep(durationMs, this.#signal).catch(() => undefined);
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
    this.#signal.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = () => this.#wake.abort();
}
