/** A time as the table has it: whole microseconds, and the nanoseconds that are left. */
export interface RowTime {
  readonly timeMs: number;
  /** With microseconds, as `timestamptz` reads it. */
  readonly text: string;
  readonly nanos: number;
  /** Nothing is smaller than a millisecond. */
  readonly isWholeMs: boolean;
}

/** @param nanoseconds digits since the epoch, without leading zeros */
export function rowTime(nanoseconds: string): RowTime {
  const digits = nanoseconds.padStart(7, '0');
  const timeMs = Number(digits.slice(0, -6));
  const micros = digits.slice(-6, -3);
  const nanos = Number(digits.slice(-3));
  return {
    timeMs,
    text: `${timestampText(timeMs).slice(0, -1)}${micros}Z`,
    nanos,
    isWholeMs: nanos === 0 && micros === '000',
  };
}

/** A time in ms as `timestamptz` reads it, whatever the session's settings. */
export function timestampText(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
