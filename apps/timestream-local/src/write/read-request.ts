import { ApiError } from '../http/api-error.ts';
import type { IncomingDimensions, IncomingRecord } from '../store/incoming-record.ts';
import type { PartitionKey, TableSettings } from '../store/catalog-types.ts';
import { fingerprint } from '../store/fingerprint.ts';
import { checkSize } from './check-size.ts';
import { mergeCommon } from './merge-common.ts';
import { parseTime } from './parse-time.ts';
import { joinDimensions, readDimensions } from './read-dimensions.ts';
import { readMeasure } from './read-measure.ts';
import { outsideWindow, timeWindow, type TimeWindow } from './time-window.ts';
import type { WireRecord } from './wire-record.ts';

/** One record that is rejected while its neighbors are stored. */
export interface Reject {
  /** Position in the request, from 0. */
  readonly index: number;
  readonly reason: string;
  readonly existingVersion?: bigint | undefined;
}

export interface ReadRequest {
  readonly records: readonly IncomingRecord[];
  readonly rejects: readonly Reject[];
}

export interface ReadOptions {
  readonly settings: TableSettings;
  readonly nowMs: number;
  readonly isStrict: boolean;
}

interface RequestContext extends ReadOptions {
  readonly window: TimeWindow;
  readonly common: WireRecord | undefined;
  readonly commonDimensions: IncomingDimensions;
}

/**
 * Reads the records of a request whose shape is checked: first all reasons to reject the whole
 * request, then the problems of single records.
 *
 * @throws {ApiError} ValidationException: nothing of the request may be stored
 */
export function readRequest(
  wire: readonly WireRecord[],
  common: WireRecord | undefined,
  options: ReadOptions,
): ReadRequest {
  const { settings, nowMs, isStrict } = options;
  const context: RequestContext = {
    ...options,
    window: timeWindow(settings, nowMs, isStrict),
    common,
    commonDimensions: readDimensions(common?.Dimensions, isStrict),
  };
  const all = wire.map((record, index) => readRecord(record, index, context));
  if (isStrict) refuseDuplicates(all);
  const records: IncomingRecord[] = [];
  const rejects: Reject[] = [];
  for (const record of all) {
    const reason = rejectReason(record, context);
    if (reason === undefined) records.push(record);
    else rejects.push({ index: record.index, reason });
  }
  return { records, rejects };
}

function readRecord(wire: WireRecord, index: number, context: RequestContext): IncomingRecord {
  const { common, commonDimensions, isStrict, window, settings } = context;
  const merged = mergeCommon(wire, common, isStrict);
  const dimensions = joinDimensions(commonDimensions, readDimensions(wire.Dimensions, isStrict));
  const version = BigInt(merged.Version ?? 1);
  if (version < 1n) {
    throw new ApiError('ValidationException', 'The record version must be 1 or greater.');
  }
  const timeNs = parseTime(merged.Time ?? '', merged.TimeUnit ?? 'MILLISECONDS');
  // The captured words.
  if (timeNs === undefined) throw new ApiError('ValidationException', 'Invalid time for record.');
  const { measureName, kind, values } = readMeasure(merged, isStrict);
  checkPartitionKey(settings.partitionKeys, dimensions);
  return {
    index,
    dimensions,
    measureName,
    kind,
    timeNs,
    version,
    values,
    fingerprint: fingerprint(values, kind === 'MULTI'),
    target: timeNs < window.memoryFromNs ? 'magnetic' : 'memory',
  };
}

function rejectReason(record: IncomingRecord, { window }: RequestContext): string | undefined {
  const { timeNs } = record;
  if (timeNs < window.fromNs || timeNs >= window.toNs) return outsideWindow(window);
  return checkSize(record);
}

/** The service's behavior for two records of one identity is not documented. */
function refuseDuplicates(records: readonly IncomingRecord[]): void {
  const seen = new Set<string>();
  for (const { timeNs, measureName, dimensions } of records) {
    const identity = JSON.stringify([String(timeNs), measureName, dimensions]);
    if (seen.has(identity)) {
      throw new ApiError(
        'ValidationException',
        'The request has two records with the same time, dimensions and measure name.',
      );
    }
    seen.add(identity);
  }
}

/**
 * Refuses a record without the dimension that its table requires as partition key. The service
 * answers with either of two exceptions "depending on the type of error"; here it is always this one.
 *
 * @throws {ApiError} ValidationException
 */
function checkPartitionKey(keys: readonly PartitionKey[], dimensions: IncomingDimensions): void {
  for (const { Type, Name, EnforcementInRecord } of keys) {
    if (Type !== 'DIMENSION' || EnforcementInRecord !== 'REQUIRED') continue;
    if (!dimensions.some(([name]) => name === Name)) {
      throw new ApiError(
        'ValidationException',
        `The dimension ${Name} is the partition key of the table and is required in every record.`,
      );
    }
  }
}
