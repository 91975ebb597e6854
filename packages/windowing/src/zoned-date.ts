/** A date of the calendar, month from 1 to 12. */
export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Whether a name is in the time zone database of this Node. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

/** Which date an instant has in a time zone. */
export type DateOfInstant = (timeMs: number) => CalendarDate;

/** Reads the dates of one time zone. */
export function datesIn(timeZone: string): DateOfInstant {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  });
  return (timeMs) => {
    const [month = 0, day = 0, year = 0] = format.format(timeMs).split('/').map(Number);
    return { year, month, day };
  };
}

const dayMs = 86_400_000;

/** Days since 1970-01-01 of a date; the day may be beyond its month and then runs over. */
export function dayNumber({ year, month, day }: CalendarDate): number {
  // A year below 100 would be read as 19xx by Date.UTC.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() / dayMs;
}

/** The date of a day number. */
export function dateOfDay(number: number): CalendarDate {
  const date = new Date(number * dayMs);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/**
 * The first instant that has a date, or a later one when the date does not exist (a zone that
 * crossed the date line): at a skipped midnight the first instant of the day, at a repeated one the
 * earlier.
 */
export function startOfDay(dateOf: DateOfInstant, number: number): number {
  // Zones lie within 15 hours of UTC, so the day starts between these two.
  let beforeMs = (number - 1) * dayMs;
  let inMs = (number + 1) * dayMs;
  while (inMs - beforeMs > 1) {
    const middleMs = Math.floor((beforeMs + inMs) / 2);
    if (dayNumber(dateOf(middleMs)) >= number) inMs = middleMs;
    else beforeMs = middleMs;
  }
  return inMs;
}
