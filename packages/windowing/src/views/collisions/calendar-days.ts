import { dayAfter, firstDay } from '../calendar-windows.ts';
import type { TimeWindow } from '../../time-window.ts';
import type { CalendarSpan } from '../window-schema.ts';
import { dateOfDay, dayNumber, startOfDay, zoneOf } from '../zoned-date.ts';

const weekMs = 7 * 86_400_000;

/** The first and the last day number whose windows are checked. */
export interface DayRange {
  readonly fromDay: number;
  readonly toDay: number;
}

const firstDayOf = (year: number) => dayNumber({ year, month: 1, day: 1 });

/** Where the search for an example starts. */
export const exampleRange: DayRange = { fromDay: firstDayOf(2026), toDay: firstDayOf(2028) };

/**
 * Before 1800, no zone had changed its clocks. From 2100 on, all follow rules that repeat with the
 * types of years, each of which occurs before 2140. An event that never occurs in between never occurs.
 */
export const everyRange: DayRange = { fromDay: firstDayOf(1800), toDay: firstDayOf(2140) };

/** The windows of calendars, far faster than individual lookups. Caches its results. */
export class CalendarDays {
  readonly #starts = new Map<string, Float64Array>();

  /** All windows of a calendar that lie in a range, in order. */
  *windows(span: CalendarSpan, timeZone: string, range: DayRange): Generator<TimeWindow> {
    const starts = this.#startsOf(timeZone, range);
    const { fromDay, toDay } = range;
    let day = fromDay;
    // A week that began before the range is left out.
    while (firstDay(span, dateOfDay(day)) !== day) day += 1;
    for (let next = dayAfter(span, day); next <= toDay; day = next, next = dayAfter(span, day)) {
      const startMs = starts[day - fromDay] ?? Number.NaN;
      const endMs = starts[next - fromDay] ?? Number.NaN;
      // A date that a zone has skipped does not have a window.
      if (startMs < endMs) yield { startMs, endMs };
    }
  }

  /** When each day of a range starts. */
  #startsOf(timeZone: string, { fromDay, toDay }: DayRange): Float64Array {
    const key = `${timeZone}\0${fromDay}`;
    const known = this.#starts.get(key);
    if (known) return known;
    const zone = zoneOf(timeZone);
    const dayOf = (timeMs: number) => dayNumber(zone.dateOf(timeMs));
    const starts = new Float64Array(toDay - fromDay + 1);
    starts[0] = startOfDay(zone, fromDay);
    for (let at = 0; at + 1 < starts.length;) {
      const startMs = starts[at] ?? Number.NaN;
      const day = fromDay + at;
      const inWeekMs = startMs + weekMs;
      // Clocks are not changed and changed back within a week.
      const isPlain = dayOf(inWeekMs) === day + 7 && dayOf(inWeekMs - 1) === day + 6;
      if (isPlain) {
        for (let days = 1; days <= 7; days++) starts[at + days] = startMs + (days * weekMs) / 7;
        at += 7;
      } else {
        starts[at + 1] = startOfDay(zone, day + 1);
        at += 1;
      }
    }
    this.#starts.set(key, starts);
    return starts;
  }
}
