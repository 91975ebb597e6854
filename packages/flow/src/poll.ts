import type { Clock } from '@highwater/model';

/** How often to check for something, and for how long. */
export interface PollOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Between two checks, ms. */
  readonly intervalMs: number;
  /** No check starts later than this after the end of the first one, ms. */
  readonly timeoutMs: number;
}

/**
 * Checks until there is a result.
 *
 * @returns the result; undefined when there was none for `timeoutMs`
 * @throws the error of a check; the signal's reason when it aborts first
 */
export async function poll<T>(
  look: () => Promise<T | undefined>,
  { clock, signal, intervalMs, timeoutMs }: PollOptions,
): Promise<T | undefined> {
  let startMs: number | undefined;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    startMs ??= clock.monotonicMs();
    if (clock.monotonicMs() - startMs > timeoutMs) return undefined;
    await clock.sleep(intervalMs, signal);
  }
}
