/** Nanoseconds in each unit of a day-second literal such as `5m`; `m` is the minute, never the month. */
export const durationUnits: Readonly<Record<string, bigint>> = {
  ns: 1n,
  nanosecond: 1n,
  us: 1_000n,
  microsecond: 1_000n,
  ms: 1_000_000n,
  millisecond: 1_000_000n,
  s: 1_000_000_000n,
  second: 1_000_000_000n,
  m: 60_000_000_000n,
  minute: 60_000_000_000n,
  h: 3_600_000_000_000n,
  hour: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  day: 86_400_000_000_000n,
};

/** Months in each unit of a year-month literal such as `12month`. */
export const monthUnits: Readonly<Record<string, number>> = { month: 1, y: 12, year: 12 };

/** Whether letters after a number make it an interval literal. */
export function isDurationUnit(letters: string): boolean {
  return Object.hasOwn(durationUnits, letters) || Object.hasOwn(monthUnits, letters);
}
