import { checkSeries } from './check-series.ts';
import { numberTexts, wholeNumberText } from './number-texts.ts';
import { pointLimits } from './point-limits.ts';
import { quoted, Refusal, type PointRefusal } from './point-refusal.ts';
import type { Point } from './point.ts';
import {
  measureValueTypes,
  sortDimensions,
  type Dimension,
  type MeasureValueType,
} from './series.ts';
import { timeUnits, toMilliseconds, type TimeUnit } from './time-unit.ts';

type DecodedPoint =
  | { readonly ok: true; readonly point: Point }
  | { readonly ok: false; readonly reason: PointRefusal; readonly detail: string };

/** The relevant members of an object, each as text. */
interface Members {
  measureName: string | undefined;
  measureValue: string | undefined;
  measureValueType: string | undefined;
  time: string | undefined;
  timeUnit: string | undefined;
  readonly dimensions: Dimension[];
}

/**
 * Reads a point from a parsed JSON object. The five known names (`MeasureName`, `MeasureValue`,
 * `MeasureValueType`, `Time`, `TimeUnit`) match without regard to case; every other member is a
 * dimension. Values may be strings, numbers, or booleans. A member that is `null`, and a dimension
 * that is an empty text, counts as absent. Numbers in dimensions, and whole numbers that a double
 * cannot represent, are taken from the text, digit by digit.
 *
 * @param textOf returns the JSON that the object was parsed from; called only if needed
 */
export function decodePoint(
  object: Readonly<Record<string, unknown>>,
  textOf: () => string,
): DecodedPoint {
  const members = collectMembers(object, textOf);
  return members instanceof Refusal ? members : readPoint(members);
}

function collectMembers(
  object: Readonly<Record<string, unknown>>,
  textOf: () => string,
): Members | Refusal {
  const members: Members = {
    measureName: undefined,
    measureValue: undefined,
    measureValueType: undefined,
    time: undefined,
    timeUnit: undefined,
    dimensions: [],
  };
  let numbers: ReadonlyMap<string, string> | undefined;
  let numericValueName: string | undefined;
  for (const name in object) {
    const value = object[name];
    if (value === null) continue;
    const known = knownName(name);
    let text: string | undefined;
    if (typeof value === 'string') text = value;
    else if (typeof value === 'boolean') text = String(value);
    else if (typeof value === 'number') {
      text = String(value);
      const isDimension = known === '';
      if (isDimension || isBeyondSafe(value)) {
        numbers ??= numberTexts(textOf());
        const sent = numbers.get(name) ?? text;
        text = isDimension ? sent : wholeNumberText(sent);
      }
    }
    switch (known) {
      case 'measurename':
        members.measureName = text;
        break;
      case 'measurevalue':
        members.measureValue = text ?? '';
        numericValueName = typeof value === 'number' ? name : undefined;
        break;
      case 'measurevaluetype':
        members.measureValueType = text ?? '';
        break;
      case 'time':
        members.time = text ?? '';
        break;
      case 'timeunit':
        members.timeUnit = text ?? '';
        break;
      default: {
        const refusal = addDimension(members.dimensions, name, text);
        if (refusal) return refusal;
      }
    }
  }
  // A number that is used as text keeps the text that was sent.
  if (numericValueName !== undefined && members.measureValueType?.toUpperCase() === 'VARCHAR') {
    numbers ??= numberTexts(textOf());
    members.measureValue = numbers.get(numericValueName) ?? members.measureValue;
  }
  return members;
}

function addDimension(
  dimensions: Dimension[],
  name: string,
  value: string | undefined,
): Refusal | undefined {
  if (value === '') return undefined;
  if (value === undefined) {
    return new Refusal(
      'dimension_invalid',
      `dimension ${quoted(name)} is not a string, a number, or a boolean`,
    );
  }
  // Checked immediately, so that later steps never sort or check more.
  if (dimensions.length === pointLimits.dimensionsMax) {
    return new Refusal(
      'dimensions_too_many',
      `more than ${pointLimits.dimensionsMax} dimensions cannot be stored; send fewer`,
    );
  }
  dimensions.push({ name, value });
  return undefined;
}

function readPoint(members: Members): DecodedPoint {
  const { measureName, measureValue, time, dimensions } = members;
  const type = (members.measureValueType ?? 'DOUBLE').toUpperCase();
  const unit = (members.timeUnit ?? 'MILLISECONDS').toUpperCase();
  if (!measureName) return new Refusal('measure_name_missing', 'MeasureName is missing or empty');
  if (!isType(type)) {
    return new Refusal(
      'measure_type_unknown',
      `MeasureValueType ${quoted(type)} is not one of ${measureValueTypes.join(', ')}`,
    );
  }
  if (!isUnit(unit)) {
    return new Refusal(
      'time_unit_unknown',
      `TimeUnit ${quoted(unit)} is not one of ${timeUnits.join(', ')}`,
    );
  }
  if (measureValue === undefined)
    return new Refusal('measure_value_missing', 'MeasureValue is missing');
  if (time === undefined) return new Refusal('time_missing', 'Time is missing');
  const timeMs = /^[+-]?\d{1,20}$/.test(time) ? toMilliseconds(time, unit) : Number.NaN;
  if (!(timeMs >= pointLimits.timeMsMin && timeMs <= pointLimits.timeMsMax)) {
    return new Refusal(
      'time_invalid',
      `Time ${quoted(time)} is not a whole number of ${unit} in range`,
    );
  }
  const value = checkedValue(measureValue, type);
  if (value === undefined) {
    return new Refusal(
      'measure_value_invalid',
      `MeasureValue ${quoted(measureValue)} is not a ${type}`,
    );
  }
  const series = { measureName, measureValueType: type, dimensions: sortDimensions(dimensions) };
  return (
    checkSeries(series, type === 'VARCHAR' ? value : undefined) ?? {
      ok: true,
      point: { series, value, time, timeUnit: unit, timeMs },
    }
  );
}

const knownNames = new Set(['measurename', 'measurevalue', 'measurevaluetype', 'time', 'timeunit']);

/** Lengths of the known member names. `cell` has the same length as `Time`. */
const namesSeen = new Map<string, string>();
const namesSeenMax = 1_000;

/** The lower-case form of a known name, otherwise undefined. The length excludes most members. */
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

/** Whether a number is whole and may differ from the number that was sent. */
function isBeyondSafe(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
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

/** The value in its stored form, or undefined when it does not have its type. */
function checkedValue(text: string, type: MeasureValueType): string | undefined {
  switch (type) {
    case 'DOUBLE': {
      if (!decimalNumber.test(text) || text.length > 400) return undefined;
      const value = Number(text);
      if (!Number.isFinite(value)) return undefined;
      // Timestream rejects negative zero, with the whole request that contains it.
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
      return text !== '' && text.isWellFormed() ? text : undefined;
  }
}
