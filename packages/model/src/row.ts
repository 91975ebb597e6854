import type { Attribute } from './attribute.ts';
import type { Dimension, MeasureValueType } from './series.ts';
import type { TimeUnit } from './time-unit.ts';

/** A row for the store. Its identity consists of measure name, dimensions (as a set), and time. */
export interface Row {
  readonly measureName: string;
  readonly measureValueType: MeasureValueType;
  readonly measureValue: string;
  /**
   * Additional values. They are replaced together with the row's own value and are not part of its
   * identity. A row with additional values may be stored in another form, so all rows of a measure
   * name must have the same ones, or none.
   */
  readonly attributes?: readonly Attribute[] | undefined;
  readonly dimensions: readonly Dimension[];
  /** Integer digits of `timeUnit` since the epoch. */
  readonly time: string;
  readonly timeUnit: TimeUnit;
  /** The store keeps the row with the highest version. An integer from 1 to 2^53 − 1. */
  readonly version: number;
}
