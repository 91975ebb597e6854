/**
 * Positions of the value and the time of a point in its bytes: each from its first byte to its
 * quote.
 */
export interface TokenPlaces {
  valueStart: number;
  valueEnd: number;
  timeStart: number;
  timeEnd: number;
}

const quote = 0x22;
const space = 0x20;

/** `{"MeasureName":"` and so on: the fixed texts between the varying ones. */
const literals = ['{"MeasureName":"', '","MeasureValue":"', '","MeasureValueType":"', '","Time":"'];
const [toName, toValue, toType, toTime] = literals.map(({ length }) => length) as [
  number,
  number,
  number,
  number,
];

/**
 * Guesses the positions of the value and the time from the lengths of the text that the generator
 * writes before them, with or without a space after commas and colons. A wrong guess matches no
 * template.
 */
export function locateTokens(data: Uint8Array, places: TokenPlaces): boolean {
  // In `{"MeasureName": "`, the space is the fifteenth byte.
  const spaces = data[15] === space ? 1 : 0;
  const nameEnd = quoteAfter(data, toName + spaces);
  const valueStart = nameEnd + toValue + 2 * spaces;
  const valueEnd = quoteAfter(data, valueStart);
  const typeEnd = quoteAfter(data, valueEnd + toType + 2 * spaces);
  const timeStart = typeEnd + toTime + 2 * spaces;
  const timeEnd = quoteAfter(data, timeStart);
  if (timeEnd >= data.length) return false;
  places.valueStart = valueStart;
  places.valueEnd = valueEnd;
  places.timeStart = timeStart;
  places.timeEnd = timeEnd;
  return true;
}

/** The next quote, or the end. */
function quoteAfter(data: Uint8Array, start: number): number {
  let at = start;
  while (at < data.length && data[at] !== quote) at += 1;
  return at;
}
