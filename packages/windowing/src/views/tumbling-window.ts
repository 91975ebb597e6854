import assert from 'node:assert/strict';
import type { TimeWindow } from '../time-window.ts';

/** Windows that tile the time line, ms. */
export interface TumblingWindows {
  readonly sizeMs: number;
  /** Shifts the alignment away from the epoch; 0 to below `sizeMs`. */
  readonly offsetMs: number;
}

/**
 * Assigns an event to its one tumbling window (rule R1).
 *
 * An event on a boundary opens the later window. Pure and total: floors before 1970 too, where
 * JavaScript's `%` would change sign.
 *
 * @param eventTimeMs when it happened, integer ms since the Unix epoch, may be negative
 * @throws {AssertionError} on a non-integer or out-of-range argument: our bug, never bad input
 * @see Akidau et al., "The Dataflow Model", PVLDB 8(12), 2015: fixed windows
 */
export function assignTumblingWindow(eventTimeMs: number, windows: TumblingWindows): TimeWindow {
  const { sizeMs, offsetMs } = windows;
  assert(Number.isSafeInteger(eventTimeMs), `eventTimeMs=${eventTimeMs}`);
  assert(Number.isSafeInteger(sizeMs) && sizeMs > 0, `sizeMs=${sizeMs}`);
  assert(Number.isSafeInteger(offsetMs), `offsetMs=${offsetMs}`);
  assert(offsetMs >= 0 && offsetMs < sizeMs, `offsetMs=${offsetMs} sizeMs=${sizeMs}`);

  const startMs = Math.floor((eventTimeMs - offsetMs) / sizeMs) * sizeMs + offsetMs;
  return { startMs, endMs: startMs + sizeMs };
}
