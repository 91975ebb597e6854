import { doubleText } from '../text/double-text.ts';
import { durationText, monthsText } from '../text/interval-text.ts';
import { parseDate, parseTimeOfDay } from '../text/parse-date-and-time.ts';
import { parseDuration } from '../text/parse-duration.ts';
import { parseTimestamp } from '../text/parse-timestamp.ts';
import { timeOfDayText, timestampText } from '../text/timestamp-text.ts';
import { udf, type Udf } from './udf.ts';
import type { Values } from './values.ts';

const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

const booleans: Readonly<Record<string, boolean>> = {
  t: true,
  true: true,
  '1': true,
  f: false,
  false: false,
  '0': false,
};

/** Casts from and to text, in the service's own forms. */
export const textUdfs: readonly Udf[] = [
  udf('hw_double_text', ['double'], 'text', (value) => doubleText(value)),
  udf('hw_timestamp_text', ['bigint'], 'text', (timeNs) => timestampText(timeNs)),
  udf('hw_time_text', ['bigint'], 'text', (timeNs) => timeOfDayText(timeNs)),
  udf('hw_duration_text', ['bigint'], 'text', (durationNs) => durationText(durationNs)),
  udf('hw_months_text', ['integer'], 'text', (months) => monthsText(months)),
  parser('hw_parse_timestamp', 'bigint', 'timestamp', parseTimestamp),
  parser('hw_parse_time', 'bigint', 'time', parseTimeOfDay),
  parser('hw_parse_date', 'integer', 'date', parseDate),
  parser('hw_parse_duration', 'bigint', 'interval day to second', parseDuration),
  parser('hw_parse_boolean', 'boolean', 'boolean', (text) => booleans[text.toLowerCase()]),
  parser('hw_parse_bigint', 'bigint', 'bigint', parseBigint),
  parser('hw_parse_double', 'double', 'double', parseDouble),
];

/** @param type what messages call it */
function parser<R extends 'boolean' | 'integer' | 'bigint' | 'double'>(
  name: string,
  returns: R,
  type: string,
  parse: (text: string) => Values[R] | undefined,
): Udf {
  return udf(name, ['text'], returns, (text) => {
    const value = parse(text);
    if (value === undefined) throw new Error(`Cannot cast '${text}' to ${type}`);
    return value;
  });
}

function parseBigint(text: string): bigint | undefined {
  // Of a very long text the number alone would take seconds.
  if (!/^[+-]?0*\d{1,19}$/.test(text)) return undefined;
  const value = BigInt(text.replace('+', ''));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

function parseDouble(text: string): number | undefined {
  const trimmed = text.trim();
  if (decimal.test(trimmed)) return Number(trimmed);
  if (/^[+-]?Infinity$/.test(trimmed)) return Number(trimmed);
  return trimmed === 'NaN' ? Number.NaN : undefined;
}
