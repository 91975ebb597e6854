import type { TimeUnit } from '@highwater/model';

const zeros: Readonly<Record<TimeUnit, string>> = {
  SECONDS: '000000000',
  MILLISECONDS: '000000',
  MICROSECONDS: '000',
  NANOSECONDS: '',
};

/** 2262-04-11T23:47:16.854775807Z: the last time that Timestream can hold. */
const lastNanosecond = '9223372036854775807';

/**
 * A time as the digits of its nanoseconds since the epoch: equal exactly for equal times, whatever
 * their units, and cheaper than a `BigInt`.
 *
 * @param digits the time, as `canonicalDigits` gives it
 * @returns undefined when Timestream cannot store the time
 */
export function nanosecondsText(digits: string, unit: TimeUnit): string | undefined {
  if (digits === '0') return digits;
  const text = digits + zeros[unit];
  if (text.length < lastNanosecond.length) return text;
  return text.length === lastNanosecond.length && text <= lastNanosecond ? text : undefined;
}

/** The digits of a non-negative integer, without sign and leading zeros. */
export function canonicalDigits(time: string): string | undefined {
  if (/^[1-9]\d*$/.test(time)) return time;
  const match = /^[+-]?0*(\d+)$/.exec(time);
  const digits = match?.[1];
  return digits === undefined || (time.startsWith('-') && digits !== '0') ? undefined : digits;
}
