import type { TimeWindow } from '../time-window.ts';
import type { WindowAssigner } from './window-assigner.ts';
import type { CalendarSpan } from './window-schema.ts';
import { dateOfDay, dayNumber, startOfDay, zoneOf, type CalendarDate } from './zoned-date.ts';

/** 1970-01-05 was the first Monday, as a day number. */
const firstMonday = 4;

/** Windows that are kept: to find the bounds of one takes as long as to decode several points. */
const knownWindowsMax = 1_000;

/**
 * Windows that are days, weeks (from Monday) or months of a time zone, so that a day has 23 or 25
 * hours where clocks are changed.
 */
export function calendarWindows(span: CalendarSpan, timeZone: string): WindowAssigner {
  const zone = zoneOf(timeZone);
  const known = new Map<number, TimeWindow>();
  const from = (startDay: number): TimeWindow => {
    const found = known.get(startDay);
    if (found) return found;
    const startMs = startOfDay(zone, startDay);
    const window = { startMs, endMs: startOfDay(zone, dayAfter(span, startDay)) };
    if (known.size >= knownWindowsMax) known.clear();
    known.set(startDay, window);
    return window;
  };
  const at = (timeMs: number): TimeWindow => {
    const startDay = firstDay(span, zone.dateOf(timeMs));
    const window = from(startDay);
    if (window.startMs <= timeMs) return window;
    // Clocks went back over midnight: the date came twice, and this is the evening in between.
    return from(firstDay(span, dateOfDay(startDay - 1)));
  };
  return {
    assign: (eventTimeMs) => [at(eventTimeMs)],
    slice: at,
    has: ({ startMs, endMs }) => {
      const window = at(startMs);
      return window.startMs === startMs && window.endMs === endMs;
    },
    next: ({ endMs }) => at(endMs),
  };
}

/** The day number of the first day of the span that a date is in. */
export function firstDay(span: CalendarSpan, date: CalendarDate): number {
  const day = dayNumber(date);
  switch (span) {
    case 'day':
      return day;
    case 'week':
      return day - ((((day - firstMonday) % 7) + 7) % 7);
    case 'month':
      return dayNumber({ ...date, day: 1 });
  }
}

/** The day number of the first day after a span that starts with a day. */
export function dayAfter(span: CalendarSpan, startDay: number): number {
  switch (span) {
    case 'day':
      return startDay + 1;
    case 'week':
      return startDay + 7;
    case 'month': {
      const { year, month } = dateOfDay(startDay);
      return dayNumber({ year, month: month + 1, day: 1 });
    }
  }
}
