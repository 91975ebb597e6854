import { BIGINT, BOOLEAN, DOUBLE, INTEGER, VARCHAR } from '@duckdb/node-api';
import { doubleText } from '../text/double-text.ts';
import { durationText, monthsText } from '../text/interval-text.ts';
import { parseDate } from '../text/parse-date.ts';
import { parseDuration } from '../text/parse-duration.ts';
import { parseTimeOfDay } from '../text/parse-time-of-day.ts';
import { parseTimestamp } from '../text/parse-timestamp.ts';
import { timeOfDayText, timestampText } from '../text/timestamp-text.ts';
import type { Udf } from './udf.ts';

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
  { name: 'hw_double_text', parameters: [DOUBLE], returns: VARCHAR, call: doubleText },
  { name: 'hw_timestamp_text', parameters: [BIGINT], returns: VARCHAR, call: timestampText },
  { name: 'hw_time_text', parameters: [BIGINT], returns: VARCHAR, call: timeOfDayText },
  { name: 'hw_duration_text', parameters: [BIGINT], returns: VARCHAR, call: durationText },
  { name: 'hw_months_text', parameters: [INTEGER], returns: VARCHAR, call: monthsText },
  parser('hw_parse_timestamp', BIGINT, 'timestamp', parseTimestamp),
  parser('hw_parse_time', BIGINT, 'time', parseTimeOfDay),
  parser('hw_parse_date', INTEGER, 'date', parseDate),
  parser('hw_parse_duration', BIGINT, 'interval day to second', parseDuration),
  parser('hw_parse_boolean', BOOLEAN, 'boolean', (text) => booleans[text.toLowerCase()]),
  parser('hw_parse_bigint', BIGINT, 'bigint', parseBigint),
  parser('hw_parse_double', DOUBLE, 'double', parseDouble),
];

function parser(
  name: string,
  returns: Udf['returns'],
  type: string,
  parse: (text: string) => bigint | number | boolean | undefined,
): Udf {
  return {
    name,
    parameters: [VARCHAR],
    returns,
    call: (text: string) => {
      const value = parse(text);
      if (value === undefined) throw new Error(`Cannot cast '${text}' to ${type}`);
      return value;
    },
  };
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
