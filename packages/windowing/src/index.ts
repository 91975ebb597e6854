export { aggregates, AccumulatorLayout, type Aggregate } from './aggregate.ts';
export { SnapshotError, ViewsError } from './errors.ts';
export {
  restoreOperator,
  snapshotOperator,
  snapshotWatermarkMs,
  type RestoredOperator,
} from './operator-snapshot.ts';
export { cleanupTimeMs, isDue, isTooLate, maxTimestampMs, type TimeWindow } from './time-window.ts';
export { assignTumblingWindow, type TumblingWindows } from './tumbling-window.ts';
export { foldRow, type FoldedRow, type ViewRowIdentity } from './view-rows.ts';
export { defaultViewsFile } from './view-schema.ts';
export { parseViews, type View } from './view.ts';
export { Watermark } from './watermark.ts';
export {
  WindowOperator,
  type PointOrigin,
  type PointOutcome,
  type WindowOperatorOptions,
} from './window-operator.ts';
