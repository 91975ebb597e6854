export { AccumulatorLayout, type Accumulator } from './accumulator-layout.ts';
export { listPointsMax } from './accumulators/point-list.ts';
export { aggregates, type Aggregate } from './aggregate.ts';
export { checkViews, schemaProblems } from './check-views.ts';
export { durationSchema } from './duration.ts';
export { fillMethods, type Fill, type FillMethod } from './fill-schema.ts';
export { SnapshotError, ViewChangedError, ViewsError } from './errors.ts';
export {
  inheritOperator,
  restoreOperator,
  snapshotOperator,
  type RestoredOperator,
} from './operator-snapshot.ts';
export { cleanupTimeMs, isDue, isTooLate, maxTimestampMs, type TimeWindow } from './time-window.ts';
export { assignHoppingWindows, type HoppingWindows } from './hopping-windows.ts';
export { assignTumblingWindow, type TumblingWindows } from './tumbling-window.ts';
export { LeastFirst } from './least-first.ts';
export { RecordFolder, type FoldListener } from './record-folder.ts';
export {
  foldPlaced,
  foldRow,
  versionOf,
  type FoldedRow,
  type ViewRowIdentity,
} from './rows/fold-row.ts';
export { GapFiller, type Anchor, type AnchorsLetGo } from './rows/gap-filler.ts';
export { OpenRows, type JoinOutcome, type PlacedRow, type WindowRows } from './rows/open-rows.ts';
export {
  hasSource,
  joinSource,
  newViewRow,
  type SourcePartial,
  type ViewRow,
} from './rows/view-row.ts';
export { renderProblem, type ViewProblem } from './view-problem.ts';
export { viewMeasureNameOverheadBytesMax } from './output-rules.ts';
export { defaultViewsFile } from './view-schema.ts';
export { parseViews, type View } from './view.ts';
export { assertSameDefinition } from './view-definition.ts';
export type { WindowAssigner } from './window-assigner.ts';
export { viewsJsonSchema } from './views-json-schema.ts';
export { Watermark } from './watermark.ts';
export {
  WindowOperator,
  type OperatorProgress,
  type PointOrigin,
  type PointOutcome,
  type WindowOperatorOptions,
} from './window-operator.ts';
