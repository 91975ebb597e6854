import type { MeasureValueType } from './series.ts';

/** An additional value that is stored in a row. */
export interface Attribute {
  readonly name: string;
  readonly type: MeasureValueType;
  /** In the same form as `Row.measureValue`. */
  readonly value: string;
}
