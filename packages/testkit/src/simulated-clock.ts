import assert from 'node:assert/strict';
import type { Clock } from '@highwater/model';

interface Sleeper {
  readonly dueMs: number;
  /** Sleepers that are due at the same time wake in the order in which they went to sleep. */
  readonly order: number;
  readonly wake: () => void;
}

/**
 * Time that moves only when the test moves it, so that hours pass in milliseconds and every run is
 * the same.
 *
 * Between two wake-ups, everything that needs no time runs: all microtasks, and one `setImmediate`.
 * The clock does not wait for code that waits for real I/O.
 */
export class SimulatedClock implements Clock {
  #monotonicMs = 0;
  #wallOffsetMs: number;
  #order = 0;
  /** Sorted; the next one to wake is last. */
  readonly #sleepers: Sleeper[] = [];

  /** @param startMs the wall clock at the start, ms since the epoch */
  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#wallOffsetMs = startMs;
  }

  /** Whole milliseconds, like the system's clock, although a wait may end between two. */
  nowMs(): number {
    return Math.floor(this.#wallOffsetMs + this.#monotonicMs);
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  /** How many callers of `sleep` have not woken yet. */
  get sleepersCount(): number {
    return this.#sleepers.length;
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    assert(durationMs >= 0, `durationMs=${durationMs}`);
    return new Promise((resolve, reject) => {
      const sleeper: Sleeper = {
        dueMs: this.#monotonicMs + durationMs,
        order: (this.#order += 1),
        wake: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        this.#sleepers.splice(this.#sleepers.indexOf(sleeper), 1);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#insert(sleeper);
    });
  }

  /** Moves the wall clock, but not the monotonic one, like an operator or a time server. */
  jumpWallClock(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  /** Advances time, waking sleepers in the order of their time. */
  async advance(durationMs: number): Promise<void> {
    const untilMs = this.#monotonicMs + durationMs;
    await settle();
    while (await this.#wakeNext(untilMs));
    this.#monotonicMs = untilMs;
  }

  /**
   * Advances time until the condition holds.
   *
   * @throws {AssertionError} when it does not hold within `limitMs` (default: one day), or can
   * never hold because nobody sleeps
   */
  async runUntil(condition: () => boolean, limitMs = 86_400_000): Promise<void> {
    const untilMs = this.#monotonicMs + limitMs;
    await settle();
    while (!condition()) {
      const hasWoken = await this.#wakeNext(untilMs);
      assert(
        hasWoken || condition(),
        `running until a condition: not met in ${limitMs} ms, ${this.#sleepers.length} asleep`,
      );
    }
  }

  /** Runs everything that needs no time to pass. */
  settle(): Promise<void> {
    return settle();
  }

  async #wakeNext(untilMs: number): Promise<boolean> {
    const next = this.#sleepers.at(-1);
    if (next === undefined || next.dueMs > untilMs) return false;
    this.#sleepers.pop();
    this.#monotonicMs = next.dueMs;
    next.wake();
    await settle();
    return true;
  }

  #insert(sleeper: Sleeper): void {
    let low = 0;
    let high = this.#sleepers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#sleepers[middle] as Sleeper;
      if (other.dueMs > sleeper.dueMs) low = middle + 1;
      else high = middle;
    }
    this.#sleepers.splice(low, 0, sleeper);
  }
}

function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
