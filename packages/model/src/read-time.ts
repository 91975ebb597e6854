import { pointLimits } from './point-limits.ts';
import type { DecimalToken } from './read-decimal.ts';
import type { TimeUnit } from './time-unit.ts';

const quote = 0x22;
const zero = 0x30;

/** More digits could exceed a safe integer of milliseconds. */
const digitsMax = 15;

/** Digits below one millisecond. */
const droppedDigits: Readonly<Record<TimeUnit, number>> = {
  SECONDS: 0,
  MILLISECONDS: 0,
  MICROSECONDS: 3,
  NANOSECONDS: 6,
};

/**
 * Reads a time after 1970 up to a closing quote, as whole milliseconds, rounded down.
 *
 * @returns false when it is not plain digits, or out of range
 */
export function readTime(
  data: Uint8Array,
  start: number,
  unit: TimeUnit,
  token: DecimalToken,
): boolean {
  const last = Math.min(data.length, start + 21);
  let end = start;
  while (end < last && isDigit(data[end] as number)) end += 1;
  if (end === start || end >= last || data[end] !== quote) return false;
  const kept = end - droppedDigits[unit];
  if (kept - start > digitsMax) return false;
  let value = 0;
  for (let at = start; at < kept; at++) value = value * 10 + (data[at] as number) - zero;
  if (unit === 'SECONDS') value *= 1_000;
  if (value > pointLimits.timeMsMax) return false;
  token.value = value;
  token.end = end;
  return true;
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= zero + 9;
}
