/** A half-open span of event time, `[startMs, endMs)`, ms since the Unix epoch. */
export interface TimeWindow {
  readonly startMs: number;
  readonly endMs: number;
}

/** The last instant inside a window. A watermark must reach it for it to be complete (rule R5). */
export function maxTimestampMs(window: TimeWindow): number {
  return window.endMs - 1;
}

/**
 * Whether a window is complete under a watermark (rule R7): inclusive.
 *
 * @param watermarkMs −Infinity before any event
 */
export function isDue(window: TimeWindow, watermarkMs: number): boolean {
  return maxTimestampMs(window) <= watermarkMs;
}

/** When a window's state is dropped (rule R10). */
export function cleanupTimeMs(window: TimeWindow, allowedLatenessMs: number): number {
  return maxTimestampMs(window) + allowedLatenessMs;
}

/** Whether a window takes no more points under a watermark (rule R11): from its cleanup time on. */
export function isTooLate(
  window: TimeWindow,
  allowedLatenessMs: number,
  watermarkMs: number,
): boolean {
  return cleanupTimeMs(window, allowedLatenessMs) <= watermarkMs;
}
