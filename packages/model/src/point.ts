import type { Series } from './series.ts';
import type { TimeUnit } from './time-unit.ts';

/** One measurement: series, time, and the value as text. */
export interface Point {
  readonly series: Series;
  /** The value as the producer wrote it, checked against the series' type. */
  readonly value: string;
  /** Event time as the producer sent it: integer digits of `timeUnit` since the epoch. Exact. */
  readonly time: string;
  readonly timeUnit: TimeUnit;
  /** Event time in whole milliseconds, rounded down, as used by windows. */
  readonly timeMs: number;
}
