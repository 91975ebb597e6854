import type { TimeWindow } from '../time-window.ts';

/** How time is divided into windows. Pure: the windows of an event depend on its time alone. */
export interface WindowAssigner {
  /** The windows of an event, the newest first; none when it lies between windows. */
  assign(eventTimeMs: number): readonly TimeWindow[];
  /** The longest span around an event that no window's start or end divides. */
  slice(eventTimeMs: number): TimeWindow;
  /** Whether a span is one of the windows. */
  has(span: TimeWindow): boolean;
  /** The next window, if windows tile the time line; otherwise undefined. */
  next?(window: TimeWindow): TimeWindow;
}
