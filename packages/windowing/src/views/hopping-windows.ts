import assert from 'node:assert/strict';
import type { TimeWindow } from '../time-window.ts';

/** Windows of one size that start at a regular distance, ms: overlapping, or with gaps between. */
export interface HoppingWindows {
  readonly sizeMs: number;
  readonly everyMs: number;
  /** Shifts the alignment away from the epoch; 0 to below `everyMs`. */
  readonly offsetMs: number;
}

/**
 * Assigns an event to every window that holds it, the newest first (rule R3); to none when windows
 * start further apart than they are long and the event lies between them.
 *
 * @param eventTimeMs when it happened, integer ms since the Unix epoch, may be negative
 * @throws {AssertionError} on a non-integer or out-of-range argument: our bug, never bad input
 */
export function assignHoppingWindows(
  eventTimeMs: number,
  { sizeMs, everyMs, offsetMs }: HoppingWindows,
): readonly TimeWindow[] {
  assert(Number.isSafeInteger(eventTimeMs), `eventTimeMs=${eventTimeMs}`);
  assert(Number.isSafeInteger(sizeMs) && sizeMs > 0, `sizeMs=${sizeMs}`);
  assert(Number.isSafeInteger(everyMs) && everyMs > 0, `everyMs=${everyMs}`);
  assert(offsetMs >= 0 && offsetMs < everyMs, `offsetMs=${offsetMs} everyMs=${everyMs}`);

  const windows: TimeWindow[] = [];
  const newestMs = Math.floor((eventTimeMs - offsetMs) / everyMs) * everyMs + offsetMs;
  for (let startMs = newestMs; startMs > eventTimeMs - sizeMs; startMs -= everyMs) {
    windows.push({ startMs, endMs: startMs + sizeMs });
  }
  return windows;
}

/**
 * The span around an event that no window's start or end divides: every point of it is in the same
 * windows. There are at most two in each `everyMs`.
 *
 * @see S. Krishnamurthy and others, "On-the-fly sharing for streamed aggregation", 2006: paired windows
 */
export function hoppingSlice(
  eventTimeMs: number,
  { sizeMs, everyMs, offsetMs }: HoppingWindows,
): TimeWindow {
  const before = (firstMs: number) =>
    Math.floor((eventTimeMs - firstMs) / everyMs) * everyMs + firstMs;
  const lastStartMs = before(offsetMs);
  const lastEndMs = before(offsetMs + sizeMs);
  return {
    startMs: Math.max(lastStartMs, lastEndMs),
    endMs: Math.min(lastStartMs, lastEndMs) + everyMs,
  };
}
