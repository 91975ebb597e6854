export type { Attribute } from './attribute.ts';
export type { Clock } from './clock.ts';
export { cutText } from './cut-text.ts';
export { adviceFor, deadLetterReasons, type DeadLetterReason } from './dead-letter-reasons.ts';
export {
  recordOfLetter,
  refusedByReason,
  type DeadLetter,
  type DeadLetters,
  type RefusedElements,
} from './dead-letter.ts';
export { checkSeries } from './check-series.ts';
export { decodePoint } from './decode-point.ts';
export { decodeRecord, elementTexts, type Decoded } from './decode-record.ts';
export { errorCodes, type ErrorCode } from './error-codes.ts';
export { HighwaterError, type ErrorDomain, type ErrorRetry } from './errors.ts';
export { findTime } from './templates/find-time.ts';
export { HashTable } from './templates/hash-table.ts';
export { joinLetters } from './join-letters.ts';
export { isOutOfSpace } from './is-out-of-space.ts';
export { futureDetail, isTooFarAhead } from './is-too-far-ahead.ts';
export type { Logger } from './logger.ts';
export { parseCorrection } from './parse-correction.ts';
export type { Firing, Progress, ViewBegin, WindowPartial } from './partial.ts';
export { pointLimits, viewRowAdds } from './point-limits.ts';
export type { PointRefusal } from './point-refusal.ts';
export { PointTemplates } from './templates/point-templates.ts';
export type { Point } from './point.ts';
export { RecordRefusals, type ElementRefusal } from './record-refusals.ts';
export {
  bucketHashKey,
  bucketPartitionKey,
  isBucketPartitionKey,
  resultsBucket,
  resultsBucketsCount,
} from './results-bucket.ts';
export { decodeResultsRecord, encodeResultsLine, encodeResultsRecord } from './results-codec.ts';
export { rightsAdvice } from './rights-advice.ts';
export type {
  Answer,
  BatchLimits,
  CorrectionsChoice,
  DimensionFilters,
  ExampleStatement,
  MeasureChoice,
  MeasureSummary,
  PointsBin,
  QueryResult,
  ReadLimits,
  RowReader,
  RowsSummary,
  SeriesChoice,
  StoredCorrection,
  StoredPoint,
  StoredRow,
  TimeRange,
  TimeSpan,
  WindowSummary,
} from './row-reader.ts';
export type { Row } from './row.ts';
export { compareSequence, type SequenceNumber } from './sequence-number.ts';
export {
  measureValueTypes,
  seriesKey,
  sortDimensions,
  type Dimension,
  type MeasureValueType,
  type Series,
} from './series.ts';
export { hashDimensions, hashSeries, isSameDimensions, isSameSeries } from './series-hash.ts';
export type { ShardPosition } from './shard-position.ts';
export type {
  CloseReason,
  ProcessorSnapshot,
  ProcessorStart,
  ReplayFrom,
  ShardProcessor,
} from './shard-processor.ts';
export type {
  OpenStore,
  RejectReason,
  RowOutcome,
  Store,
  StoreAbilities,
  StoreTable,
} from './store.ts';
export type { Batch, OutgoingRecord, StreamRecord } from './stream-record.ts';
export { timeUnits, toNanoseconds, type TimeUnit } from './time-unit.ts';
export {
  copiedVersion,
  filledVersion,
  gapContributionsMax,
  gapWindowsMax,
  rowContributionsMax,
  sourceContributionsMax,
  upsertVersion,
  viewRevisionMax,
  type RowKind,
} from './version.ts';
