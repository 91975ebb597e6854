import { parseDuration } from './text/parse-duration.ts';
import { parseTimestamp } from './text/parse-timestamp.ts';

/**
 * The current time for retention and for queries, from a setting: empty is the system's clock, a
 * point in time (`2024-03-10T12:00:00Z`) is a fixed time, and a sign with an interval (`-90d`,
 * `+6h`) shifts the system's clock. So old data can be written and found.
 *
 * @returns undefined when the text is none of these
 */
export function retentionClock(
  text: string | undefined,
  systemMs: () => number,
): (() => number) | undefined {
  if (text === undefined || text === '') return systemMs;
  const shift = /^([+-])(.+)$/.exec(text);
  if (shift) {
    const durationNs = parseDuration(shift[2] ?? '');
    if (durationNs === undefined) return undefined;
    const shiftMs = Number(durationNs / 1_000_000n) * (shift[1] === '-' ? -1 : 1);
    return () => systemMs() + shiftMs;
  }
  const timeNs = parseTimestamp(text);
  if (timeNs === undefined) return undefined;
  const fixedMs = Number(timeNs / 1_000_000n);
  return () => fixedMs;
}
