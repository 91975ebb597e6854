import type { Dimension, Row } from '@highwater/model';
import type {
  _Record,
  Dimension as WireDimension,
  MeasureValueType,
} from '@aws-sdk/client-timestream-write';
import { valueAttribute } from '@highwater/store-kit';

/** The part of a WriteRecords request that depends on the rows. */
export interface EncodedRows {
  readonly CommonAttributes: _Record;
  readonly Records: _Record[];
}

/**
 * Encodes rows, and moves everything that all of them share into the common attributes.
 *
 * No field and no dimension name is ever in both places, because it is not documented which one
 * wins. The value always stays with its record, so that no record is empty.
 */
export function encodeRequest(rows: readonly Row[]): EncodedRows {
  const [first, ...others] = rows;
  if (!first) return { CommonAttributes: {}, Records: [] };
  const isShared = (field: keyof Row) => others.every((other) => other[field] === first[field]);
  const type = wireType(first);
  const hoisted = {
    name: isShared('measureName'),
    type: others.every((other) => wireType(other) === type),
    time: isShared('time'),
    unit: isShared('timeUnit'),
    version: isShared('version'),
  };
  const shared = sharedDimensions(new Set(rows.map(({ dimensions }) => dimensions)));
  const sharedNames = new Set(shared.map(({ name }) => name));
  const own = once((dimensions: readonly Dimension[]) =>
    encodeDimensions(dimensions.filter(({ name }) => !sharedNames.has(name))),
  );
  return {
    CommonAttributes: encodeRecord(first, hoisted, encodeDimensions(shared)),
    Records: rows.map((row) => ({
      ...encodeValue(row),
      ...encodeRecord(row, invert(hoisted), own(row.dimensions)),
    })),
  };
}

type Fields = Record<'name' | 'type' | 'time' | 'unit' | 'version', boolean>;

function invert({ name, type, time, unit, version }: Fields): Fields {
  return { name: !name, type: !type, time: !time, unit: !unit, version: !version };
}

function encodeRecord(row: Row, fields: Fields, dimensions: WireDimension[]): _Record {
  const record: _Record = {};
  if (dimensions.length > 0) record.Dimensions = dimensions;
  if (fields.name) record.MeasureName = row.measureName;
  if (fields.type) record.MeasureValueType = wireType(row);
  if (fields.time) record.Time = row.time;
  if (fields.unit) record.TimeUnit = row.timeUnit;
  if (fields.version) record.Version = row.version;
  return record;
}

/** A row with attributes is a multi-measure record. */
function wireType({ attributes, measureValueType }: Row): MeasureValueType {
  return attributes?.length ? 'MULTI' : measureValueType;
}

function encodeValue({ attributes, measureValue, measureValueType }: Row): _Record {
  if (!attributes?.length) return { MeasureValue: measureValue };
  return {
    MeasureValues: [
      { Name: valueAttribute, Value: measureValue, Type: measureValueType },
      ...attributes.map(({ name, type, value }) => ({ Name: name, Value: value, Type: type })),
    ],
  };
}

function encodeDimensions(dimensions: readonly Dimension[]): WireDimension[] {
  return dimensions.map(({ name, value }) => ({ Name: name, Value: value }));
}

/** The dimensions that all of the sets contain with the same value. */
function sharedDimensions(sets: ReadonlySet<readonly Dimension[]>): readonly Dimension[] {
  const [first = [], ...others] = sets;
  return first.filter(({ name, value }) =>
    others.every((other) => other.some((d) => d.name === name && d.value === value)),
  );
}

/** Computes a function once per argument, compared by reference. */
function once<A, R>(compute: (argument: A) => R): (argument: A) => R {
  const results = new Map<A, R>();
  return (argument) => {
    const known = results.get(argument);
    if (known !== undefined) return known;
    const result = compute(argument);
    results.set(argument, result);
    return result;
  };
}
