import { ApiError } from '../http/api-error.ts';
import type { MeasureKind } from '../store/catalog-types.ts';
import type { IncomingValue } from '../store/incoming-record.ts';
import { checkColumnName } from './column-name.ts';
import type { MergedRecord } from './merge-common.ts';
import { parseValue } from './parse-value.ts';

/** The measured values of a record. */
export interface ReadMeasure {
  readonly measureName: string;
  readonly kind: MeasureKind;
  readonly values: readonly IncomingValue[];
}

/**
 * Reads a record's measure name and its value or values.
 *
 * @throws {ApiError} ValidationException, which rejects the whole request
 */
export function readMeasure(record: MergedRecord, isStrict: boolean): ReadMeasure {
  const measureName = record.MeasureName ?? invalid('A measure name is required for a record.');
  if (measureName.includes(':')) {
    invalid(`Invalid measure name ${measureName}: the name contains a colon.`);
  }
  if (measureName.length > 85 && Buffer.byteLength(measureName) > 256) {
    invalid(`Invalid measure name ${measureName}: names have at most 256 bytes.`);
  }
  const type = record.MeasureValueType ?? 'DOUBLE';
  // The captured words.
  if (type === 'TIMESTAMP') invalid('TIMESTAMP is an invalid measure value type');
  const kind: MeasureKind = type;
  const values =
    kind === 'MULTI' ? readMulti(record, isStrict) : [readSingle(record, kind, isStrict)];
  return { measureName, kind, values };
}

function readSingle(
  record: MergedRecord,
  type: Exclude<MeasureKind, 'MULTI'>,
  isStrict: boolean,
): IncomingValue {
  if (record.MeasureValues?.length) {
    invalid('Measure values can only be given when the measure value type is MULTI.');
  }
  const text = record.MeasureValue ?? invalid('A measure value is required for a record.');
  const timeUnit = record.TimeUnit ?? 'MILLISECONDS';
  return parseValue({ column: singleColumns[type], text, type, timeUnit, isStrict });
}

const singleColumns = {
  DOUBLE: 'measure_value::double',
  BIGINT: 'measure_value::bigint',
  VARCHAR: 'measure_value::varchar',
  BOOLEAN: 'measure_value::boolean',
} as const;

function readMulti(record: MergedRecord, isStrict: boolean): readonly IncomingValue[] {
  if (!record.MeasureValues?.length) {
    invalid('Measure values are required when the measure value type is MULTI.');
  }
  if ((record.MeasureValue ?? undefined) !== undefined) {
    invalid('A measure value cannot be given when the measure value type is MULTI.');
  }
  const timeUnit = record.TimeUnit ?? 'MILLISECONDS';
  const names = new Set<string>();
  return (record.MeasureValues ?? []).map(({ Name, Value, Type }) => {
    const problem = checkColumnName(Name, 256);
    if (problem !== undefined) invalid(`Invalid measure name ${Name}: ${problem}.`);
    if (names.has(Name)) invalid(`The measure name ${Name} is duplicated within a record.`);
    names.add(Name);
    if (Type === 'MULTI') invalid('MULTI is an invalid measure value type within measure values.');
    return parseValue({ column: Name, text: Value, type: Type, timeUnit, isStrict });
  });
}

function invalid(message: string): never {
  throw new ApiError('ValidationException', message);
}
