import type { TimeUnit } from '@highwater/model';

const unitsPerSecond: Readonly<Record<TimeUnit, bigint>> = {
  SECONDS: 1n,
  MILLISECONDS: 1_000n,
  MICROSECONDS: 1_000_000n,
  NANOSECONDS: 1_000_000_000n,
};

/**
 * A point's JSON object with its time moved, and everything else as it was.
 *
 * Whole seconds only: they are exact in every unit, so that distances between points stay.
 *
 * @param time the point's time in digits of `timeUnit`
 */
export function shiftTime(
  members: Readonly<Record<string, unknown>>,
  { time, timeUnit }: { readonly time: string; readonly timeUnit: TimeUnit },
  bySeconds: number,
): Uint8Array {
  const moved = String(BigInt(time) + BigInt(bySeconds) * unitsPerSecond[timeUnit]);
  const shifted = Object.entries(members).map(([name, value]) => [
    name,
    name.toLowerCase() === 'time' ? moved : value,
  ]);
  return Buffer.from(JSON.stringify(Object.fromEntries(shifted)));
}
