import type { SequenceNumber } from '@highwater/model';

/** One point, as a view takes it. */
export interface ViewPoint {
  readonly seriesId: number;
  readonly value: number;
  readonly eventTimeMs: number;
  readonly arrivalTimeMs: number;
  readonly sequenceNumber: SequenceNumber;
  /** Before the point. */
  readonly watermarkMs: number;
}
