import type { Clock } from '@highwater/model';

/** How often something is looked at, and for how long. */
export interface PollOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Between two looks, ms. */
  readonly intervalMs: number;
  /** No look begins later than this after the first one has ended, ms. */
  readonly timeoutMs: number;
}

/**
 * Looks until there is something to see.
 *
 * @returns what was seen; undefined when there was nothing for `timeoutMs`
 * @throws what looking throws; the signal's reason when it aborts first
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
