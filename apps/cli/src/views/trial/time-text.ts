/** Milliseconds of the units in their order in `+1m30s`. */
const unitMs = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;
type Unit = keyof typeof unitMs;

/** An instant, or a time after the start of the tests: `+1m30s`. */
export const timePattern =
  /^(\+(\d{1,12}(d|h|ms|m|s))+|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)$/;

/**
 * Reads a time that matches `timePattern`; without a zone, it is UTC.
 *
 * @param startMs start for `+…`
 * @returns ms since the Unix epoch; NaN for a date that does not exist
 */
export function readTimeText(text: string, startMs: number): number {
  if (!text.startsWith('+')) {
    const iso = text.replace(' ', 'T');
    const [date = ''] = iso.split('T');
    // Date.parse accepts February 31 as March 3.
    if (!isDate(date)) return Number.NaN;
    return Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(iso) ? iso : `${iso}Z`);
  }
  let timeMs = startMs;
  for (const [, digits, unit] of text.matchAll(/(\d+)(ms|d|h|m|s)/g)) {
    timeMs += Number(digits) * unitMs[unit as Unit];
  }
  return timeMs;
}

function isDate(date: string): boolean {
  const timeMs = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(timeMs) && new Date(timeMs).toISOString().startsWith(date);
}

/**
 * An instant as shown in test results: the time of day, with the date if it differs from that of
 * the start.
 */
export function showTime(timeMs: number, startMs: number): string {
  const [date = '', time = ''] = new Date(timeMs).toISOString().split('T');
  const [startDate] = new Date(startMs).toISOString().split('T');
  const short = time.replace(/(\.000)?Z$/, '');
  return date === startDate ? short : `${date} ${short}`;
}
