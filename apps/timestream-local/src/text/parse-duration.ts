import { durationUnits } from '../sql/duration-units.ts';

/**
 * Reads `42.8 ms` as nanoseconds: a number, possibly with a fraction, and a unit.
 *
 * @returns undefined for anything else, and for values above 64 bits
 */
export function parseDuration(text: string): bigint | undefined {
  const match = /^\s*(\d{1,20})(?:\.(\d{0,9}))?\s*([a-z]+)\s*$/i.exec(text);
  const unit = match?.[3]?.toLowerCase() ?? '';
  const perUnit = Object.hasOwn(durationUnits, unit) ? durationUnits[unit] : undefined;
  if (!match || perUnit === undefined) return undefined;
  const [, whole = '0', fraction = ''] = match;
  const value =
    BigInt(whole) * perUnit + (BigInt(fraction.padEnd(9, '0')) * perUnit) / 1_000_000_000n;
  return value < 2n ** 63n ? value : undefined;
}
