export { AccumulatorLayout, type Accumulator } from './accumulators/accumulator-layout.ts';
export { listPointsMax } from './accumulators/point-list.ts';
export { aggregates, type Aggregate } from './accumulators/aggregate.ts';
export { checkViews, schemaProblems } from './views/check-views.ts';
export { durationSchema } from './views/duration.ts';
export { fillMethods, type Fill, type FillMethod } from './views/fill-schema.ts';
export { SnapshotError, ViewChangedError, ViewsError } from './errors.ts';
export {
  inheritOperator,
  restoreOperator,
  snapshotOperator,
  type RestoredOperator,
} from './snapshot/operator-snapshot.ts';
export { cleanupTimeMs, isDue, isTooLate, maxTimestampMs, type TimeWindow } from './time-window.ts';
export { assignHoppingWindows, type HoppingWindows } from './views/hopping-windows.ts';
export { assignTumblingWindow, type TumblingWindows } from './views/tumbling-window.ts';
export { LeastFirst } from './rows/least-first.ts';
export { RecordFolder, type FoldListener } from './state/record-folder.ts';
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
export { renderProblem, type ViewProblem } from './views/view-problem.ts';
export { viewMeasureNameOverheadBytesMax } from './views/output-rules.ts';
export { defaultViewsFile } from './views/view-schema.ts';
export { parseViews, type View } from './views/view.ts';
export { assertSameDefinition } from './views/view-definition.ts';
export type { WindowAssigner } from './views/window-assigner.ts';
export { viewsJsonSchema } from './views/views-json-schema.ts';
export { Watermark } from './state/watermark.ts';
export {
  WindowOperator,
  type OperatorProgress,
  type PointOrigin,
  type PointOutcome,
  type WindowOperatorOptions,
} from './state/window-operator.ts';
