import type { WireTimeUnit } from './wire-record.ts';

const nanosecondsPer: Readonly<Record<WireTimeUnit, bigint>> = {
  SECONDS: 1_000_000_000n,
  MILLISECONDS: 1_000_000n,
  MICROSECONDS: 1_000n,
  NANOSECONDS: 1n,
};

/** 2262-04-11T23:47:16.854775807Z. */
const timeNsMax = 2n ** 63n - 1n;

/**
 * Reads a count of units since the epoch.
 *
 * @returns nanoseconds; undefined for anything but a whole number between 1970 and 2262
 */
export function parseTime(text: string, unit: WireTimeUnit): bigint | undefined {
  if (!/^\d{1,20}$/.test(text)) return undefined;
  const timeNs = BigInt(text) * nanosecondsPer[unit];
  return timeNs <= timeNsMax ? timeNs : undefined;
}
