/** A point in time, taken apart. */
export interface TimeParts {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  /** From Sunday, 0. */
  readonly weekday: number;
  /** From 1. */
  readonly dayOfYear: number;
  /** ISO: weeks start on Monday, and the first one contains the year's first Thursday. */
  readonly week: number;
  readonly weekYear: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
}

const secondNs = 1_000_000_000n;
const dayMs = 86_400_000;

/** The calendar parts of a point in time, in UTC. */
export function timeParts(timeNs: bigint): TimeParts {
  const nanosecond = ((timeNs % secondNs) + secondNs) % secondNs;
  const date = new Date(Number((timeNs - nanosecond) / 1_000_000n));
  const year = date.getUTCFullYear();
  return {
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    dayOfYear: Math.floor((date.getTime() - startOfYear(year)) / dayMs) + 1,
    ...isoWeek(date),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    nanosecond: Number(nanosecond),
  };
}

function isoWeek(date: Date): { readonly week: number; readonly weekYear: number } {
  // The Thursday of the same week decides which year the week belongs to.
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * dayMs);
  const weekYear = thursday.getUTCFullYear();
  const days = Math.floor((thursday.getTime() - startOfYear(weekYear)) / dayMs);
  return { week: Math.floor(days / 7) + 1, weekYear };
}

function startOfYear(year: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, 0, 1);
  return date.getTime();
}
