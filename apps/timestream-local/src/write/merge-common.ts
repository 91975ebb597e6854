import { ApiError } from '../http/api-error.ts';
import type { WireRecord } from './wire-record.ts';

const scalars = [
  'MeasureName',
  'MeasureValue',
  'MeasureValueType',
  'Time',
  'TimeUnit',
  'Version',
] as const;

/** Members that a record has itself, or inherits from the common attributes, without dimensions. */
export type MergedRecord = Omit<WireRecord, 'Dimensions'>;

/**
 * Merges the common attributes into a record.
 *
 * It is not documented which of two scalars wins. Here, the record's own value wins, because it is
 * more specific, and the multi-measure values of both are joined. In strict mode, a member in both
 * places rejects the request.
 */
export function mergeCommon(
  record: WireRecord,
  common: WireRecord | undefined,
  isStrict: boolean,
): MergedRecord {
  if (!common) return record;
  if (isStrict) refuseTwice(record, common);
  const values = [...(common.MeasureValues ?? []), ...(record.MeasureValues ?? [])];
  return {
    MeasureName: record.MeasureName ?? common.MeasureName,
    MeasureValue: record.MeasureValue ?? common.MeasureValue,
    MeasureValueType: record.MeasureValueType ?? common.MeasureValueType,
    MeasureValues: values,
    Time: record.Time ?? common.Time,
    TimeUnit: record.TimeUnit ?? common.TimeUnit,
    Version: record.Version ?? common.Version,
  };
}

function refuseTwice(record: WireRecord, common: WireRecord): void {
  const twice: string | undefined =
    scalars.find((name) => has(record, name) && has(common, name)) ??
    (record.MeasureValues?.length && common.MeasureValues?.length ? 'MeasureValues' : undefined);
  if (twice === undefined) return;
  throw new ApiError(
    'ValidationException',
    `${twice} is given both in the common attributes and in a record.`,
  );
}

function has(record: WireRecord, name: keyof WireRecord): boolean {
  return (record[name] ?? undefined) !== undefined;
}
