import type { Clock } from '@highwater/model';
import { backoffDelayMs, type Backoff } from './backoff.ts';

/** How often and for how long a call has failed. */
export interface Failures {
  /** Attempts that have failed, from 1. */
  readonly count: number;
  /** Since the first attempt began, ms. */
  readonly elapsedMs: number;
}

/** How a call is tried again. */
export interface RetryOptions {
  readonly clock: Clock;
  /** Looked at between attempts. To end one that is under way, give it to the call as well. */
  readonly signal: AbortSignal;
  /** Uniform in [0, 1), for the jitter. */
  readonly random: () => number;
  /**
   * No attempt begins later than this after the first one, ms. `Infinity` only where something else
   * ends it, such as the loss of a lease: say so where it is passed.
   */
  readonly giveUpAfterMs: number;
  /** How long to wait after this error; undefined when trying again cannot help. */
  readonly backoffFor: (error: unknown) => Backoff | undefined;
  /** Called once for every failure that another attempt follows: the place to log and to count. */
  readonly onRetry?: ((error: unknown, failures: Failures) => void) | undefined;
  /** What to throw when it was tried for long enough. @default the last error */
  readonly giveUp?: ((error: unknown, failures: Failures) => unknown) | undefined;
}

/**
 * Makes a call until it succeeds, fails for good, or has been tried for long enough.
 *
 * @throws the call's own error when trying again cannot help; what `giveUp` makes of it when time is
 *   up; the signal's reason when it aborts first
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
