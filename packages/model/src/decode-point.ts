import type { Point } from './point.ts';
import {
  measureValueTypes,
  sortDimensions,
  type Dimension,
  type MeasureValueType,
} from './series.ts';
import { timeUnits, toMilliseconds, type TimeUnit } from './time-unit.ts';

/** Why a JSON object is not a point. A closed set: a metrics label. */
export type PointRefusal =
  | 'measure_name_missing'
  | 'measure_name_invalid'
  | 'measure_value_missing'
  | 'measure_value_invalid'
  | 'measure_type_unknown'
  | 'time_missing'
  | 'time_invalid'
  | 'time_unit_unknown'
  | 'dimensions_missing'
  | 'dimensions_too_many'
  | 'dimension_invalid';

/** The bounds on a point: Timestream's own, so that what is accepted here can be stored. */
export const pointLimits = {
  measureNameBytesMax: 256,
  measureValueBytesMax: 2048,
  dimensionsMax: 128,
  dimensionNameBytesMax: 60,
  dimensionValueBytesMax: 2048,
  /** The years 1 to 9999, so that every event and the ends of its windows have a date. */
  timeMsMin: Date.parse('0001-01-01T00:00:00.000Z'),
  timeMsMax: Date.parse('9999-12-31T23:59:59.999Z'),
} as const;

type DecodedPoint =
  | { readonly ok: true; readonly point: Point }
  | { readonly ok: false; readonly reason: PointRefusal; readonly detail: string };

class Refusal {
  readonly ok = false;
  readonly reason: PointRefusal;
  readonly detail: string;

  constructor(reason: PointRefusal, detail: string) {
    this.reason = reason;
    this.detail = detail;
  }
}

/**
 * Reads a point from a parsed JSON object. The five known names (`MeasureName`, `MeasureValue`,
 * `MeasureValueType`, `Time`, `TimeUnit`) match without regard to case; every other member is a
 * dimension. Values may be strings, numbers or booleans; a member that is `null` is absent.
 */
export function decodePoint(members: Readonly<Record<string, unknown>>): DecodedPoint {
  let measureName: string | undefined;
  let measureValue: string | undefined;
  let measureValueType: string | undefined;
  let time: string | undefined;
  let timeUnit: string | undefined;
  const dimensions: Dimension[] = [];

  for (const name in members) {
    const value = members[name];
    if (value === null) continue;
    const text = typeof value === 'string' ? value : scalarText(value);
    switch (knownName(name)) {
      case 'measurename':
        measureName = text;
        break;
      case 'measurevalue':
        measureValue = text ?? '';
        break;
      case 'measurevaluetype':
        measureValueType = text ?? '';
        break;
      case 'time':
        time = text ?? '';
        break;
      case 'timeunit':
        timeUnit = text ?? '';
        break;
      default:
        if (text === undefined) {
          return new Refusal(
            'dimension_invalid',
            `dimension ${quote(name)} is neither text, number nor boolean`,
          );
        }
        dimensions.push({ name, value: text });
    }
  }

  const type = (measureValueType ?? 'DOUBLE').toUpperCase();
  const unit = (timeUnit ?? 'MILLISECONDS').toUpperCase();
  if (!measureName) return new Refusal('measure_name_missing', 'MeasureName is missing or empty');
  if (!isType(type)) {
    return new Refusal(
      'measure_type_unknown',
      `MeasureValueType ${quote(type)} is none of ${measureValueTypes.join(', ')}`,
    );
  }
  if (!isUnit(unit)) {
    return new Refusal(
      'time_unit_unknown',
      `TimeUnit ${quote(unit)} is none of ${timeUnits.join(', ')}`,
    );
  }
  if (measureValue === undefined)
    return new Refusal('measure_value_missing', 'MeasureValue is missing');
  if (time === undefined) return new Refusal('time_missing', 'Time is missing');
  const timeMs = /^[+-]?\d{1,20}$/.test(time) ? toMilliseconds(time, unit) : Number.NaN;
  if (!(timeMs >= pointLimits.timeMsMin && timeMs <= pointLimits.timeMsMax)) {
    return new Refusal(
      'time_invalid',
      `Time ${quote(time)} is not a whole number of ${unit} in range`,
    );
  }
  const value = checkedValue(measureValue, type);
  if (value === undefined) {
    return new Refusal(
      'measure_value_invalid',
      `MeasureValue ${quote(measureValue)} is not a ${type}`,
    );
  }
  return (
    checkName(measureName) ??
    checkDimensions(dimensions) ?? {
      ok: true,
      point: {
        series: { measureName, measureValueType: type, dimensions: sortDimensions(dimensions) },
        value,
        time,
        timeUnit: unit,
        timeMs,
      },
    }
  );
}

const knownNames = new Set(['measurename', 'measurevalue', 'measurevaluetype', 'time', 'timeunit']);

/** What names of members are, as far as they were seen: `cell` is as long as `Time`. */
const namesSeen = new Map<string, string>();
const namesSeenMax = 1_000;

/** The lower-case form of a known name, else nothing. Most members are told apart by length. */
function knownName(name: string): string {
  const { length } = name;
  if (length !== 4 && length !== 8 && length !== 11 && length !== 12 && length !== 16) return '';
  const seen = namesSeen.get(name);
  if (seen !== undefined) return seen;
  const lower = name.toLowerCase();
  const known = knownNames.has(lower) ? lower : '';
  if (namesSeen.size < namesSeenMax) namesSeen.set(name, known);
  return known;
}

function scalarText(value: unknown): string | undefined {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function isType(type: string): type is MeasureValueType {
  return (measureValueTypes as readonly string[]).includes(type);
}

function isUnit(unit: string): unit is TimeUnit {
  return (timeUnits as readonly string[]).includes(unit);
}

const decimalNumber = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const bigintMin = -(2n ** 63n);
const bigintMax = 2n ** 63n - 1n;

/** The value in the form it is stored in, or undefined when it is not of its type. */
function checkedValue(text: string, type: MeasureValueType): string | undefined {
  switch (type) {
    case 'DOUBLE': {
      if (!decimalNumber.test(text) || text.length > 400) return undefined;
      const value = Number(text);
      if (!Number.isFinite(value)) return undefined;
      // Timestream refuses the negative zero, with the whole request that holds it.
      return value === 0 ? '0' : text;
    }
    case 'BIGINT': {
      if (!/^[+-]?\d{1,19}$/.test(text)) return undefined;
      const value = BigInt(text);
      return value >= bigintMin && value <= bigintMax ? value.toString() : undefined;
    }
    case 'BOOLEAN': {
      const lower = text.toLowerCase();
      return lower === 'true' || lower === 'false' ? lower : undefined;
    }
    case 'VARCHAR':
      return text !== '' && !isLonger(text, pointLimits.measureValueBytesMax) ? text : undefined;
  }
}

function checkName(measureName: string): Refusal | undefined {
  if (isLonger(measureName, pointLimits.measureNameBytesMax)) {
    return new Refusal(
      'measure_name_invalid',
      `MeasureName is longer than ${pointLimits.measureNameBytesMax} bytes`,
    );
  }
  if (measureName.includes('\0'))
    return new Refusal('measure_name_invalid', 'MeasureName holds a NUL');
  return undefined;
}

function checkDimensions(dimensions: readonly Dimension[]): Refusal | undefined {
  const { dimensionsMax, dimensionNameBytesMax, dimensionValueBytesMax } = pointLimits;
  if (dimensions.length === 0) {
    return new Refusal('dimensions_missing', 'a point needs at least one dimension');
  }
  if (dimensions.length > dimensionsMax) {
    return new Refusal(
      'dimensions_too_many',
      `${dimensions.length} dimensions, at most ${dimensionsMax}`,
    );
  }
  for (const { name, value } of dimensions) {
    if (name === '' || isLonger(name, dimensionNameBytesMax) || name.includes('\0')) {
      return new Refusal(
        'dimension_invalid',
        `dimension name ${quote(name)} is empty, holds a NUL or is longer than ${dimensionNameBytesMax} bytes`,
      );
    }
    if (isLonger(value, dimensionValueBytesMax) || value.includes('\0')) {
      return new Refusal(
        'dimension_invalid',
        `the value of ${quote(name)} holds a NUL or is longer than ${dimensionValueBytesMax} bytes`,
      );
    }
  }
  return undefined;
}

const encoder = new TextEncoder();

/** Whether a text is longer than `bytesMax` in UTF-8, without encoding it in the common case. */
function isLonger(text: string, bytesMax: number): boolean {
  if (text.length * 3 <= bytesMax) return false;
  return text.length > bytesMax || encoder.encode(text).length > bytesMax;
}

/** Enough of a text to recognise it, and no more: details end up in logs. */
function quote(text: string): string {
  return text.length > 40 ? `"${text.slice(0, 40)}…"` : `"${text}"`;
}
