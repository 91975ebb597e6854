const secondNs = 1_000_000_000n;
const dayNs = 86_400n * secondNs;

/** `2020-08-08 01:00:00.000000000`: always nine digits. */
export function timestampText(timeNs: bigint): string {
  // Floored, so that the fraction is not negative before 1970.
  const remainder = ((timeNs % secondNs) + secondNs) % secondNs;
  const seconds = new Date(Number((timeNs - remainder) / 1_000_000n)).toISOString();
  return `${seconds.slice(0, 10)} ${seconds.slice(11, 19)}.${String(remainder).padStart(9, '0')}`;
}

/** `01:00:00.000000000`. */
export function timeOfDayText(timeNs: bigint): string {
  return timestampText(((timeNs % dayNs) + dayNs) % dayNs).slice(11);
}
