import type { Attribute } from './attribute.ts';
import type { Dimension, MeasureValueType } from './series.ts';
import type { TimeUnit } from './time-unit.ts';

/** A row for the store. Its identity is measure name, dimensions (as a set) and time. */
export interface Row {
  readonly measureName: string;
  readonly measureValueType: MeasureValueType;
  readonly measureValue: string;
  /**
   * Values beside the row's own, replaced together with it and no part of its identity. A row that
   * has some may be stored in another form, so rows of one measure name all have the same, or none.
   */
  readonly attributes?: readonly Attribute[] | undefined;
  readonly dimensions: readonly Dimension[];
  /** Integer digits of `timeUnit` since the epoch. */
  readonly time: string;
  readonly timeUnit: TimeUnit;
  /** The store keeps the row with the highest version. An integer from 1 to 2^53 − 1. */
  readonly version: number;
}
