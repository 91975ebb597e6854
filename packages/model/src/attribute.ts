import type { MeasureValueType } from './series.ts';

/** A value that is stored in a row beside the row's own. */
export interface Attribute {
  readonly name: string;
  readonly type: MeasureValueType;
  /** As `Row.measureValue`. */
  readonly value: string;
}
