import type { RejectReason, Row } from '@highwater/model';

/** Timestream's documented bounds on one record. */
const limits = {
  dimensionsMax: 128,
  dimensionNameBytesMax: 60,
  /** Names and values of a series' dimensions together. */
  dimensionsBytesMax: 2048,
  measureNameBytesMax: 256,
  varcharBytesMax: 2048,
} as const;

type Refusal = { readonly reason: RejectReason; readonly detail: string };

const invalid = (detail: string): Refusal => ({ reason: 'invalid', detail });

/**
 * Finds what is known to make Timestream refuse the whole request that a row is in, so that one bad
 * row does not cost its neighbours a bisection.
 *
 * Expects dimensions without empty values, sorted by name, and the time as {@link nanosecondsText}.
 *
 * @returns undefined when nothing is known against the row
 */
export function checkRow(row: Row, timeNanoseconds: string | undefined): Refusal | undefined {
  if (!Number.isSafeInteger(row.version) || row.version < 1) {
    return invalid(`version ${row.version} is not an integer from 1 to 2^53 - 1`);
  }
  if (timeNanoseconds === undefined) {
    return {
      reason: 'time_out_of_range',
      detail: `time ${row.time.slice(0, 40)} ${row.timeUnit} is not between 1970 and 2262`,
    };
  }
  return checkMeasure(row) ?? checkDimensions(row);
}

function checkMeasure({ measureName, measureValue, measureValueType }: Row): Refusal | undefined {
  if (measureName === '' || isLonger(measureName, limits.measureNameBytesMax)) {
    return invalid(`the measure name is empty or over ${limits.measureNameBytesMax} bytes`);
  }
  if (measureName.includes(':')) return invalid('the measure name holds a colon');
  return isValue(measureValue, measureValueType)
    ? undefined
    : invalid(`"${measureValue.slice(0, 40)}" is not a ${measureValueType}`);
}

const decimalNumber = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

function isValue(text: string, type: Row['measureValueType']): boolean {
  switch (type) {
    case 'DOUBLE':
      return decimalNumber.test(text) && text.length < 2048 && Number.isFinite(Number(text));
    case 'BIGINT':
      return /^[+-]?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
    case 'BOOLEAN':
      return text === 'true' || text === 'false';
    case 'VARCHAR':
      return text !== '' && !isLonger(text, limits.varcharBytesMax);
  }
}

const reservedName = /^(time$|ts_|measure_name|measure_value)/;
const badCharacter = /[[:"\u2028\u2029][\p{Cc}--[\u007f-\u009f]]]/v;

function checkDimensions({ dimensions }: Row): Refusal | undefined {
  // The service's own words for it.
  if (dimensions.length === 0) return invalid('At least one dimension is required for a record.');
  if (dimensions.length > limits.dimensionsMax) {
    return invalid(`${dimensions.length} dimensions, at most ${limits.dimensionsMax}`);
  }
  let sizeBytes = 0;
  let previous: string | undefined;
  for (const { name, value } of dimensions) {
    if (name === previous) return invalid(`dimension "${name}" is there twice`);
    if (name === '' || isLonger(name, limits.dimensionNameBytesMax)) {
      return invalid(`a dimension name is empty or over ${limits.dimensionNameBytesMax} bytes`);
    }
    if (reservedName.test(name) || badCharacter.test(name)) {
      return invalid(`dimension name "${name}" is reserved or holds : " or a control character`);
    }
    sizeBytes += name.length + value.length;
    previous = name;
  }
  return isDimensionsTooLarge(dimensions, sizeBytes)
    ? invalid(`dimension names and values are over ${limits.dimensionsBytesMax} bytes in all`)
    : undefined;
}

/** Encodes only when the count of UTF-16 units leaves it open. */
function isDimensionsTooLarge(dimensions: Row['dimensions'], unitsCount: number): boolean {
  if (unitsCount * 3 <= limits.dimensionsBytesMax) return false;
  let sizeBytes = 0;
  for (const { name, value } of dimensions) sizeBytes += utf8Bytes(name) + utf8Bytes(value);
  return sizeBytes > limits.dimensionsBytesMax;
}

function isLonger(text: string, bytesMax: number): boolean {
  return text.length * 3 > bytesMax && utf8Bytes(text) > bytesMax;
}

function utf8Bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
