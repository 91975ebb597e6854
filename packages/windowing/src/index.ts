export { aggregates } from './accumulators/aggregate.ts';
export { checkViews, schemaProblems } from './views/check-views.ts';
export { durationSchema } from './views/duration.ts';
export { fillMethods } from './views/fill-schema.ts';
export {
  inheritOperator,
  restoreOperator,
  snapshotOperator,
} from './snapshot/operator-snapshot.ts';
export { cleanupTimeMs } from './time-window.ts';
export { LeastFirst } from './rows/least-first.ts';
export { RecordFolder, type FoldListener } from './state/record-folder.ts';
export { foldPlaced, foldRow, versionOf } from './rows/fold-row.ts';
export { GapFiller, type Anchor } from './rows/gap-filler.ts';
export { OpenRows, type PlacedRow } from './rows/open-rows.ts';
export { hasSource, joinSource, newViewRow, type ViewRow } from './rows/view-row.ts';
export { renderProblem, type ViewProblem } from './views/view-problem.ts';
export { defaultViewsFile } from './views/view-schema.ts';
export { parseViews, type View } from './views/view.ts';
export { assertSameDefinition } from './views/view-definition.ts';
export { viewsJsonSchema } from './views/views-json-schema.ts';
export { Watermark } from './state/watermark.ts';
export { WindowOperator, type PointOutcome } from './state/window-operator.ts';
