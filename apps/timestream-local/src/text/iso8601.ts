import { parseTimestamp } from './parse-timestamp.ts';
import { timestampText } from './timestamp-text.ts';

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
  const match = /^(\d{4}-\d{2}(?:-\d{2})?)(?:T([\d:.,]+))?(Z|[+-]\d{2}(?::?\d{2})?)?$/.exec(
    text.trim(),
  );
  const [, date = '', time, offset = 'Z'] = match ?? [];
  const day = date.length === 7 ? `${date}-01` : date;
  const clock = time === undefined ? '' : ` ${withMinutes(time.replace(',', '.'))}`;
  const timeNs = match ? parseTimestamp(`${day}${clock}`) : undefined;
  if (timeNs === undefined) throw new Error(`Invalid format: "${text.slice(0, 100)}"`);
  return timeNs - offsetNs(offset);
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
