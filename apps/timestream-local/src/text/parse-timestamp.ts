import { parseDate, parseTimeOfDay } from './parse-date-and-time.ts';

const dayNs = 86_400_000_000_000n;

/**
 * Reads `2020-08-08 01:00:00.123456789` (the time, or its end, may be absent) as nanoseconds since
 * the epoch.
 *
 * @returns undefined for anything else, and for times that 64 bits cannot represent
 */
export function parseTimestamp(text: string): bigint | undefined {
  const [, date = '', time] = /^([\d-]+)(?:[ T] *(.+))?$/s.exec(text.trim()) ?? [];
  const days = parseDate(date);
  const ofDayNs = time === undefined ? 0n : parseTimeOfDay(time.replace(/ ?(UTC|Z)$/, ''));
  if (days === undefined || ofDayNs === undefined) return undefined;
  const timeNs = BigInt(days) * dayNs + ofDayNs;
  return BigInt.asIntN(64, timeNs) === timeNs ? timeNs : undefined;
}
