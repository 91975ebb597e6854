import type { Row } from '@highwater/model';
import { invalid, type Refusal } from './refusal.ts';
import { isLonger, utf8Bytes } from './utf8-bytes.ts';
import { valueAttribute } from './value-attribute.ts';

/** Timestream's documented limits on one record. */
const limits = { measureNameBytesMax: 256, varcharBytesMax: 2048, attributesMax: 255 } as const;

/**
 * Finds a reason why Timestream would reject the whole request that contains a row, not considering
 * its dimensions, so that one bad row does not make its neighbors go through a bisection.
 *
 * @param timeNanoseconds the row's time as `nanosecondsText` gives it
 * @returns undefined when no problem is known
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
  return checkMeasure(row) ?? checkAttributes(row);
}

/**
 * The row's own value is one of the attributes that Timestream counts. A value alone was already
 * checked.
 */
function checkAttributes({ measureValue, attributes = [] }: Row): Refusal | undefined {
  if (attributes.length === 0) return undefined;
  if (attributes.length > limits.attributesMax) {
    return invalid(
      `the row has ${attributes.length} attributes, but at most ${limits.attributesMax} are allowed`,
    );
  }
  let allBytes = utf8Bytes(measureValue);
  const names = new Set([valueAttribute]);
  for (const { name, type, value } of attributes) {
    if (names.has(name)) return invalid(`attribute "${name}" occurs twice`);
    if (!isValue(value, type)) return invalid(`attribute "${name}" is not a ${type}`);
    allBytes += utf8Bytes(value);
    names.add(name);
  }
  return allBytes > limits.varcharBytesMax
    ? invalid(
        `values have ${allBytes} bytes in total, but at most ${limits.varcharBytesMax} are allowed`,
      )
    : undefined;
}

function checkMeasure({ measureName, measureValue, measureValueType }: Row): Refusal | undefined {
  if (measureName === '' || isLonger(measureName, limits.measureNameBytesMax)) {
    return invalid(`the measure name is empty or longer than ${limits.measureNameBytesMax} bytes`);
  }
  if (measureName.includes(':')) return invalid('the measure name contains a colon');
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
