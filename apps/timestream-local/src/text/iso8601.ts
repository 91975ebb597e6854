import { daysFromCivil } from './parse-date-and-time.ts';
import { parseTimestamp } from './parse-timestamp.ts';
import { timestampText } from './timestamp-text.ts';

const dayNs = 86_400_000_000_000n;

/** `2022-06-17T10:15:20.000000000Z`: as the service writes a point in time, in ISO 8601's order. */
export function toIso8601(timeNs: bigint): string {
  return `${timestampText(timeNs).replace(' ', 'T')}Z`;
}

/**
 * Reads a date with or without a time and an offset, and converts it to UTC.
 *
 * @throws {Error} when the text is none
 */
export function fromIso8601(text: string): bigint {
  // Only what has a time can have an offset: the end of `2022-06-17` is none.
  const match = /^([\dW-]+)(?:T([\d:.,]+)(Z|[+-]\d{2}(?::?\d{2})?)?)?$/.exec(text.trim());
  const [, date = '', time, offset = 'Z'] = match ?? [];
  const days = isoDays(date);
  const clock = time === undefined ? '' : ` ${withMinutes(time.replace(',', '.'))}`;
  const ofDayNs = parseTimestamp(`1970-01-01${clock}`);
  if (!match || days === undefined || ofDayNs === undefined) throw invalid(text);
  const timeNs = BigInt(days) * dayNs + ofDayNs - offsetNs(offset);
  if (BigInt.asIntN(64, timeNs) !== timeNs) throw invalid(text);
  return timeNs;
}

/**
 * Reads a date as the point in time at which it starts.
 *
 * @throws {Error} when the text is not a date
 */
export function fromIso8601Date(text: string): bigint {
  const days = isoDays(text.trim());
  const timeNs = days === undefined ? undefined : BigInt(days) * dayNs;
  if (timeNs === undefined || BigInt.asIntN(64, timeNs) !== timeNs) throw invalid(text);
  return timeNs;
}

/** Days from the epoch of `2022-06-17`, `2022-06`, `2022`, `2022-168`, `2022-W24-5` or `2022-W24`. */
function isoDays(date: string): number | undefined {
  const week = /^(\d{4})-W(\d{2})(?:-([1-7]))?$/.exec(date);
  if (week) return ofWeek(Number(week[1]), Number(week[2]), Number(week[3] ?? 1));
  const ordinal = /^(\d{4})-(\d{3})$/.exec(date);
  if (ordinal) return ofYear(Number(ordinal[1]), Number(ordinal[2]));
  const civil = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(date);
  return civil
    ? daysFromCivil(Number(civil[1]), Number(civil[2] ?? 1), Number(civil[3] ?? 1))
    : undefined;
}

function ofYear(year: number, day: number): number | undefined {
  const [first, next] = [daysFromCivil(year, 1, 1), daysFromCivil(year + 1, 1, 1)];
  if (first === undefined || next === undefined) return undefined;
  const days = first + day - 1;
  return day >= 1 && days < next ? days : undefined;
}

/** January 4 is always in the first week, which starts on a Monday. */
function ofWeek(year: number, week: number, weekday: number): number | undefined {
  const [first, next] = [firstMonday(year), firstMonday(year + 1)];
  if (first === undefined || next === undefined) return undefined;
  const days = first + (week - 1) * 7 + weekday - 1;
  return week >= 1 && days < next ? days : undefined;
}

function firstMonday(year: number): number | undefined {
  const fourth = daysFromCivil(year, 1, 4);
  // The epoch is a Thursday.
  return fourth === undefined ? undefined : fourth - ((((fourth + 3) % 7) + 7) % 7);
}

function invalid(text: string): Error {
  return new Error(`Invalid format: "${text.slice(0, 100)}"`);
}

function withMinutes(time: string): string {
  return /^\d{2}$/.test(time) ? `${time}:00` : time;
}

function offsetNs(offset: string): bigint {
  if (offset === 'Z') return 0n;
  const digits = offset.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = BigInt(digits.slice(0, 2)) * 60n + BigInt(digits.slice(2));
  return minutes * 60_000_000_000n * (offset.startsWith('-') ? -1n : 1n);
}
