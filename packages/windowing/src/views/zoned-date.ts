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

/** The clocks and calendars of one time zone. */
export interface Zone {
  /** Which date an instant has. */
  dateOf(timeMs: number): CalendarDate;
  /** How far clocks are ahead of UTC at an instant, which is a whole second. */
  offsetMsAt(timeMs: number): number;
}

const dayMs = 86_400_000;

/** After this many years, the calendar repeats. */
const cycle = { years: 400, ms: 146_097 * dayMs };
/** Times before it are read a cycle later: formats call the year before the year 1 by the same number. */
const shiftedToMs = Date.parse('0003-01-01T00:00:00Z');

const utc: Zone = {
  dateOf: (timeMs) => dateOfDay(Math.floor(timeMs / dayMs)),
  offsetMsAt: () => 0,
};

/** Reads the dates and clocks of a time zone. To ask for one of them takes some microseconds. */
export function zoneOf(timeZone: string): Zone {
  if (timeZone === 'UTC') return utc;
  const date = { timeZone, year: 'numeric', month: 'numeric', day: 'numeric' } as const;
  const clock = {
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  } as const;
  const dateFormat = new Intl.DateTimeFormat('en-US', date);
  const clockFormat = new Intl.DateTimeFormat('en-US', { ...date, ...clock });
  const numbers = (format: Intl.DateTimeFormat, timeMs: number): readonly number[] => {
    const isEarly = timeMs < shiftedToMs;
    const text = format.format(isEarly ? timeMs + cycle.ms : timeMs);
    const [month = 0, day = 0, year = 0, ...rest] = text.split(/\D+/).map(Number);
    return [isEarly ? year - cycle.years : year, month, day, ...rest];
  };
  return {
    dateOf(timeMs) {
      const [year = 0, month = 0, day = 0] = numbers(dateFormat, timeMs);
      return { year, month, day };
    },
    offsetMsAt(timeMs) {
      const [year = 0, month = 0, day = 0, ...clocks] = numbers(clockFormat, timeMs);
      const [hour = 0, minute = 0, second = 0] = clocks;
      const localMs = dayNumber({ year, month, day }) * dayMs;
      return localMs + ((hour * 60 + minute) * 60 + second) * 1_000 - timeMs;
    },
  };
}

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
export function startOfDay(zone: Zone, number: number): number {
  // Zones lie within 15 hours of UTC, so the day starts between these two.
  let beforeMs = (number - 1) * dayMs;
  let inMs = (number + 1) * dayMs;
  const offsetMs = zone.offsetMsAt(beforeMs);
  if (offsetMs === zone.offsetMsAt(inMs)) return number * dayMs - offsetMs;
  // Clocks are changed about then.
  while (inMs - beforeMs > 1) {
    const middleMs = Math.floor((beforeMs + inMs) / 2);
    if (dayNumber(zone.dateOf(middleMs)) >= number) inMs = middleMs;
    else beforeMs = middleMs;
  }
  return inMs;
}
