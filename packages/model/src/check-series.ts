import { pointLimits, viewRowAdds } from './point-limits.ts';
import { quoted, Refusal } from './point-refusal.ts';
import type { Dimension, Series } from './series.ts';

/**
 * Finds the reason why the points of a series cannot be stored, as raw rows or as view rows. One
 * check decides both, so that they never disagree about which points exist. The number of
 * dimensions is checked earlier, while they are collected.
 *
 * @param series without dimensions that have an empty value, because a store treats these as absent
 * @param valueText a value that is stored as text, whose size also counts
 * @see https://docs.aws.amazon.com/timestream/latest/developerguide/ts-limits.html
 */
export function checkSeries(series: Series, valueText = ''): Refusal | undefined {
  return (
    checkMeasureName(series.measureName) ??
    checkDimensions(series.dimensions) ??
    checkSizes(series, valueText)
  );
}

function checkMeasureName(measureName: string): Refusal | undefined {
  if (isLonger(measureName, pointLimits.measureNameBytesMax)) {
    return new Refusal(
      'measure_name_invalid',
      `MeasureName is longer than ${pointLimits.measureNameBytesMax} bytes; shorten it`,
    );
  }
  if (/[\0:]/.test(measureName) || !measureName.isWellFormed()) {
    return new Refusal(
      'measure_name_invalid',
      `MeasureName ${quoted(measureName)} contains a colon, a NUL or half a surrogate pair; rename it`,
    );
  }
  return undefined;
}

function checkDimensions(dimensions: readonly Dimension[]): Refusal | undefined {
  if (dimensions.length === 0) {
    return new Refusal(
      'dimensions_missing',
      'a point needs at least one dimension with a value; add one',
    );
  }
  for (const { name, value } of dimensions) {
    const refusal = goodNames.has(name) ? undefined : checkDimensionName(name);
    if (refusal) return refusal;
    if (value.includes('\0') || !value.isWellFormed()) {
      return new Refusal(
        'dimension_invalid',
        `the value of dimension ${quoted(name)} contains a NUL or half a surrogate pair; remove it`,
      );
    }
  }
  return undefined;
}

/** Names that were already checked. The same few names occur in every point. */
const goodNames = new Set<string>();
const goodNamesMax = 1_000;

/** Prefixes and names that queries need for themselves. */
const reservedName = /^(time$|ts_|measure_name|measure_value)/;
/** A colon, a quote, control characters, and the two line separators of Unicode. */
const badCharacter = /[[:"\u2028\u2029][\p{Cc}--[\u007f-\u009f]]]/v;

function checkDimensionName(name: string): Refusal | undefined {
  const { dimensionNameBytesMax } = pointLimits;
  if (name === '' || isLonger(name, dimensionNameBytesMax)) {
    return new Refusal(
      'dimension_invalid',
      `the dimension name ${quoted(name)} is empty or longer than ${dimensionNameBytesMax} bytes; rename it`,
    );
  }
  if (badCharacter.test(name) || !name.isWellFormed()) {
    return new Refusal(
      'dimension_invalid',
      `the dimension name ${quoted(name)} contains a colon, a double quote, a control character or half a surrogate pair; rename it`,
    );
  }
  if ((viewRowAdds.dimensions as readonly string[]).includes(name)) {
    return new Refusal(
      'dimension_reserved',
      `${quoted(name)} holds the window bounds of view rows; give the dimension another name`,
    );
  }
  if (reservedName.test(name)) {
    return new Refusal(
      'dimension_reserved',
      `${quoted(name)} is reserved by the store; give the dimension another name`,
    );
  }
  if (goodNames.size < goodNamesMax) goodNames.add(name);
  return undefined;
}

function checkSizes(series: Series, valueText: string): Refusal | undefined {
  const { seriesBytesMax, seriesAndValueBytesMax } = pointLimits;
  let characters = series.measureName.length + valueText.length;
  for (const { name, value } of series.dimensions) characters += name.length + value.length;
  // A UTF-16 unit needs at most three bytes, so most series need no counting.
  if (characters * 3 <= seriesBytesMax) return undefined;
  let bytes = utf8Length(series.measureName);
  for (const { name, value } of series.dimensions) bytes += utf8Length(name) + utf8Length(value);
  if (bytes > seriesBytesMax) {
    return new Refusal(
      'series_too_large',
      `the measure name and the dimensions have ${bytes} bytes together, but at most ${seriesBytesMax} can be stored; shorten them or send fewer dimensions`,
    );
  }
  const allBytes = bytes + utf8Length(valueText);
  return allBytes > seriesAndValueBytesMax
    ? new Refusal(
        'measure_value_invalid',
        `MeasureValue and the names have ${allBytes} bytes together, but at most ${seriesAndValueBytesMax} can be stored; shorten the value`,
      )
    : undefined;
}

const encoder = new TextEncoder();

/** The size of a text in UTF-8 bytes. */
function utf8Length(text: string): number {
  return encoder.encode(text).length;
}

/** Whether a text is longer than `bytesMax` in UTF-8. Avoids encoding in the common case. */
function isLonger(text: string, bytesMax: number): boolean {
  if (text.length * 3 <= bytesMax) return false;
  return text.length > bytesMax || utf8Length(text) > bytesMax;
}
