import type { Clock } from '@highwater/model';
import { backoffDelayMs, type Backoff } from './backoff.ts';

/** How often and for how long a call has failed. */
export interface Failures {
  /** Attempts that have failed, from 1. */
  readonly count: number;
  /** Since the start of the first attempt, ms. */
  readonly elapsedMs: number;
}

/** How a call is retried. */
export interface RetryOptions {
  readonly clock: Clock;
  /** Checked between attempts. To cancel an attempt in progress, pass it to the call as well. */
  readonly signal: AbortSignal;
  /** Uniform in [0, 1), for the jitter. */
  readonly random: () => number;
  /**
   * No attempt starts later than this after the first one, ms. Use `Infinity` only if something
   * else ends it, such as the loss of a lease, and say so where you pass it.
   */
  readonly giveUpAfterMs: number;
  /** How long to wait after this error; undefined when a retry cannot help. */
  readonly backoffFor: (error: unknown) => Backoff | undefined;
  /**
   * Called once for every failure that is followed by another attempt: the place to log and to
   * count.
   */
  readonly onRetry?: ((error: unknown, failures: Failures) => void) | undefined;
  /** The error to throw when the time is up. @default the last error */
  readonly giveUp?: ((error: unknown, failures: Failures) => unknown) | undefined;
}

/**
 * Makes a call until it succeeds, fails permanently, or has been tried for long enough.
 *
 * @throws the call's own error when a retry cannot help; the result of `giveUp` when time is up;
 * the signal's reason when it aborts first
 */
export async function retry<T>(call: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { clock, signal, random, giveUpAfterMs, backoffFor, onRetry, giveUp } = options;
  const startMs = clock.monotonicMs();
  for (let count = 1; ; count++) {
    signal.throwIfAborted();
    try {
      return await call();
    } catch (error) {
      signal.throwIfAborted();
      const backoff = backoffFor(error);
      if (backoff === undefined) throw error;
      const failures: Failures = { count, elapsedMs: clock.monotonicMs() - startMs };
      if (failures.elapsedMs > giveUpAfterMs) throw giveUp ? giveUp(error, failures) : error;
      onRetry?.(error, failures);
      await clock.sleep(backoffDelayMs(count, backoff, random), signal);
    }
  }
}
