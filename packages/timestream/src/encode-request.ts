import type { Dimension, Row } from '@highwater/model';
import type { _Record } from '@aws-sdk/client-timestream-write';

/** The part of a WriteRecords request that depends on the rows. */
export interface EncodedRows {
  readonly CommonAttributes: _Record;
  readonly Records: _Record[];
}

/**
 * Encodes rows with everything that all of them share hoisted into the common attributes.
 *
 * No field and no dimension name is ever in both places: which of the two wins is not documented.
 * The value always stays with its record, so that none is empty.
 */
export function encodeRequest(rows: readonly Row[]): EncodedRows {
  const [first, ...others] = rows;
  if (!first) return { CommonAttributes: {}, Records: [] };
  const isShared = (field: keyof Row) => others.every((other) => other[field] === first[field]);
  const hoisted = {
    name: isShared('measureName'),
    type: isShared('measureValueType'),
    time: isShared('time'),
    unit: isShared('timeUnit'),
    version: isShared('version'),
  };
  const shared = sharedDimensions(first.dimensions, others);
  const own =
    shared.length === 0
      ? (row: Row) => row.dimensions
      : (row: Row) => row.dimensions.filter(({ name }) => !sharedNames.has(name));
  const sharedNames = new Set(shared.map(({ name }) => name));
  return {
    CommonAttributes: encodeRecord(first, hoisted, shared),
    Records: rows.map((row) => ({
      MeasureValue: row.measureValue,
      ...encodeRecord(row, invert(hoisted), own(row)),
    })),
  };
}

type Fields = Record<'name' | 'type' | 'time' | 'unit' | 'version', boolean>;

function invert({ name, type, time, unit, version }: Fields): Fields {
  return { name: !name, type: !type, time: !time, unit: !unit, version: !version };
}

function encodeRecord(row: Row, fields: Fields, dimensions: readonly Dimension[]): _Record {
  const record: _Record = {};
  if (dimensions.length > 0) {
    record.Dimensions = dimensions.map(({ name, value }) => ({ Name: name, Value: value }));
  }
  if (fields.name) record.MeasureName = row.measureName;
  if (fields.type) record.MeasureValueType = row.measureValueType;
  if (fields.time) record.Time = row.time;
  if (fields.unit) record.TimeUnit = row.timeUnit;
  if (fields.version) record.Version = row.version;
  return record;
}

function sharedDimensions(
  candidates: readonly Dimension[],
  others: readonly Row[],
): readonly Dimension[] {
  let shared = candidates;
  for (const { dimensions } of others) {
    if (dimensions === candidates) continue;
    shared = shared.filter(({ name, value }) =>
      dimensions.some((other) => other.name === name && other.value === value),
    );
    if (shared.length === 0) break;
  }
  return shared;
}
