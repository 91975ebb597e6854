import { calendarWindows } from './calendar-windows.ts';
import { assignHoppingWindows, hoppingSlice, type HoppingWindows } from './hopping-windows.ts';
import { assignTumblingWindow } from './tumbling-window.ts';
import type { ViewDefinition } from './view-schema.ts';
import type { WindowAssigner } from './window-assigner.ts';

/** Compiles how a view divides time. */
export function assignWindows({
  tumbling,
  hopping,
  offset: offsetMs = 0,
  timeZone,
}: ViewDefinition['window']): WindowAssigner {
  if (hopping) {
    const windows = { sizeMs: hopping.size, everyMs: hopping.every, offsetMs };
    return {
      assign: (eventTimeMs) => assignHoppingWindows(eventTimeMs, windows),
      slice: (eventTimeMs) => hoppingSlice(eventTimeMs, windows),
      has: isEvery(windows),
    };
  }
  const sizeMs = timeZone === undefined ? tumbling?.sizeMs : undefined;
  if (sizeMs === undefined) return calendarWindows(tumbling?.calendar ?? 'day', timeZone ?? 'UTC');
  const windows = { sizeMs, offsetMs };
  return {
    assign: (eventTimeMs) => [assignTumblingWindow(eventTimeMs, windows)],
    slice: (eventTimeMs) => assignTumblingWindow(eventTimeMs, windows),
    has: isEvery({ ...windows, everyMs: sizeMs }),
    next: ({ endMs }) => ({ startMs: endMs, endMs: endMs + sizeMs }),
  };
}

function isEvery({ sizeMs, everyMs, offsetMs }: HoppingWindows): WindowAssigner['has'] {
  return ({ startMs, endMs }) => endMs - startMs === sizeMs && (startMs - offsetMs) % everyMs === 0;
}
