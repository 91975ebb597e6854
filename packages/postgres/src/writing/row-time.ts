/** A time as the table has it: whole microseconds, and the nanoseconds that are left. */
export interface RowTime {
  readonly timeMs: number;
  /** Digits since the epoch: the server reads them faster than a date. */
  readonly micros: string;
  readonly nanos: number;
  /** Nothing is smaller than a millisecond. */
  readonly isWholeMs: boolean;
}

/** @param nanoseconds digits since the epoch, without leading zeros */
export function rowTime(nanoseconds: string): RowTime {
  const digits = nanoseconds.padStart(7, '0');
  return {
    timeMs: Number(digits.slice(0, -6)),
    micros: digits.slice(0, -3),
    nanos: Number(digits.slice(-3)),
    isWholeMs: digits.endsWith('000000'),
  };
}

/** A time in ms as `timestamptz` reads it, whatever the session's settings. */
export function timestampText(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
