import type { Dimension } from '@highwater/model';
import { isLonger, utf8Bytes } from './utf8-bytes.ts';

/** Limits documented by Timestream. */
const limits = {
  dimensionsMax: 128,
  nameBytesMax: 60,
  /** Names and values of all dimensions of a series together. */
  allBytesMax: 2048,
} as const;

const reservedName = /^(time$|ts_|measure_name|measure_value)/;
const badCharacter = /[[:"\u2028\u2029][\p{Cc}--[\u007f-\u009f]]]/v;

/**
 * Finds a reason why Timestream would reject every request that contains these dimensions.
 *
 * @param dimensions sorted by name, none without a value
 * @returns what is wrong, or undefined when no problem is known
 */
export function checkDimensions(dimensions: readonly Dimension[]): string | undefined {
  // Quotes the message of the service.
  if (dimensions.length === 0) return 'At least one dimension is required for a record.';
  if (dimensions.length > limits.dimensionsMax) {
    return `the row has ${dimensions.length} dimensions, but at most ${limits.dimensionsMax} are allowed`;
  }
  let allBytes = 0;
  let previous: string | undefined;
  for (const { name, value } of dimensions) {
    if (name === previous) return `dimension "${name}" occurs twice`;
    if (name === '' || isLonger(name, limits.nameBytesMax)) {
      return `a dimension name is empty or longer than ${limits.nameBytesMax} bytes`;
    }
    if (reservedName.test(name) || badCharacter.test(name)) {
      return `dimension name "${name}" is reserved, or contains a colon, a double quote, or a control character`;
    }
    allBytes += utf8Bytes(name) + utf8Bytes(value);
    previous = name;
  }
  return allBytes > limits.allBytesMax
    ? `dimension names and values have ${allBytes} bytes in total, but at most ${limits.allBytesMax} are allowed`
    : undefined;
}
