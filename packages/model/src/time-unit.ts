/** The units in which a point's time may be given. */
export const timeUnits = ['SECONDS', 'MILLISECONDS', 'MICROSECONDS', 'NANOSECONDS'] as const;
export type TimeUnit = (typeof timeUnits)[number];

const nanosecondsPerUnit: Readonly<Record<TimeUnit, bigint>> = {
  SECONDS: 1_000_000_000n,
  MILLISECONDS: 1_000_000n,
  MICROSECONDS: 1_000n,
  NANOSECONDS: 1n,
};

/**
 * A time as nanoseconds since the epoch: exact, so equal for equal times in different units.
 *
 * @param time integer digits, with or without a sign
 */
export function toNanoseconds(time: string, unit: TimeUnit): bigint {
  return BigInt(time) * nanosecondsPerUnit[unit];
}

/**
 * A time as whole milliseconds since the epoch, rounded down (also before 1970).
 *
 * @param time integer digits, with or without a sign
 * @returns NaN when the result is not a safe integer
 */
export function toMilliseconds(time: string, unit: TimeUnit): number {
  const value = Number(time);
  if (unit === 'SECONDS' || unit === 'MILLISECONDS') {
    const timeMs = unit === 'SECONDS' ? value * 1000 : value;
    return Number.isSafeInteger(timeMs) ? timeMs : Number.NaN;
  }
  // Present-day nanoseconds do not fit a double, so this divides as integers, then rounds down.
  const nanoseconds = toNanoseconds(time, unit);
  const quotient = nanoseconds / 1_000_000n;
  const timeMs = Number(nanoseconds % 1_000_000n < 0n ? quotient - 1n : quotient);
  return Number.isSafeInteger(timeMs) ? timeMs : Number.NaN;
}
