/**
 * The only way to learn the time or to wait. Real in services, simulated in `testkit`.
 */
export interface Clock {
  /** Wall clock, ms since the Unix epoch. May jump; never used for durations. */
  nowMs(): number;
  /** Monotonic clock, ms from an arbitrary origin. */
  monotonicMs(): number;
  /**
   * Waits.
   *
   * @throws the signal's reason when it aborts first
   */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}
