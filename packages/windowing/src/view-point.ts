import type { SequenceNumber } from '@highwater/model';

/** One point, as a view takes it. */
export interface ViewPoint {
  readonly seriesId: number;
  readonly value: number;
  /** As in `AccumulatedPoint`. */
  readonly rest: number;
  readonly isWhole: boolean;
  readonly eventTimeMs: number;
  readonly arrivalTimeMs: number;
  readonly sequenceNumber: SequenceNumber;
  /** Before the point's record. */
  readonly watermarkMs: number;
  /** The newest event time of the points taken before this one. */
  readonly newestEventTimeMs: number;
}
