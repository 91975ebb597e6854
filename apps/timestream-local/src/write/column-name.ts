/**
 * Names that queries need for themselves. Two places of the service's documentation disagree on
 * `measure_value` and `measure_name` as a beginning, so both are refused.
 */
const reserved = /^(time$|ts_|measure_name|measure_value)/;

/** `:`, `"`, control characters and the two line separators of Unicode. */
const forbidden = /[[:"\u2028\u2029][\p{Cc}--[\u007f-\u009f]]]/v;

/**
 * Says why a dimension or attribute cannot have a name.
 *
 * @returns what is wrong, as the end of a sentence; undefined when nothing is
 */
export function checkColumnName(name: string, bytesMax: number): string | undefined {
  if (name.length * 3 > bytesMax && Buffer.byteLength(name) > bytesMax) {
    return `names have at most ${bytesMax} bytes`;
  }
  if (reserved.test(name)) return 'the name is reserved';
  return forbidden.test(name) ? 'the name contains a character that is not allowed' : undefined;
}
