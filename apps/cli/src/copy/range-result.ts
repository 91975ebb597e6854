import type { RejectReason } from '@highwater/model';
import type { CopyRange } from './plan-ranges.ts';

/** Rows that the target refused for one reason. */
export interface Refused {
  readonly rowsCount: number;
  /** Of the first of them. */
  readonly detail: string;
}

/** What became of a range. */
export interface RangeResult extends CopyRange {
  /** Rows that the source had when it was counted, after the copy. */
  readonly sourceRows: number;
  /** Rows that were read from the source and sent to the target. */
  readonly readRows: number;
  /** Rows that the target had when it was counted, after the copy. */
  readonly targetRows: number;
  /** Rows of which the target already had a newer version. */
  readonly newerRows: number;
  readonly refused: Readonly<Partial<Record<RejectReason, Refused>>>;
}

/** Whether both sides have the same rows, as far as counts can tell, and every row was sent. */
export function isAgreed({ sourceRows, readRows, targetRows, refused }: RangeResult): boolean {
  const isWhole = readRows === sourceRows && Object.keys(refused).length === 0;
  return isWhole && sourceRows === targetRows;
}
