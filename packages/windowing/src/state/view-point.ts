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
}
