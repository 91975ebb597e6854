import { BIGINT, DOUBLE, DuckDBListValue, LIST, VARCHAR } from '@duckdb/node-api';
import { fromIso8601, fromIso8601Date, toIso8601 } from '../text/iso8601.ts';
import { formatJoda, parseJoda } from '../text/joda-format.ts';
import { formatMysql, parseMysql } from '../text/mysql-format.ts';
import { readableSeconds } from '../text/readable-seconds.ts';
import { hamming, levenshtein } from '../text/edit-distance.ts';
import type { Udf } from './udf.ts';

/** Functions of the dialect that DuckDB has no equal to. */
export const functionUdfs: readonly Udf[] = [
  { name: 'hw_to_iso8601', parameters: [BIGINT], returns: VARCHAR, call: toIso8601 },
  { name: 'hw_from_iso8601', parameters: [VARCHAR], returns: BIGINT, call: fromIso8601 },
  {
    name: 'hw_from_iso8601_date',
    parameters: [VARCHAR],
    returns: BIGINT,
    call: fromIso8601Date,
  },
  { name: 'hw_date_format', parameters: [BIGINT, VARCHAR], returns: VARCHAR, call: formatMysql },
  { name: 'hw_date_parse', parameters: [VARCHAR, VARCHAR], returns: BIGINT, call: parseMysql },
  { name: 'hw_format_datetime', parameters: [BIGINT, VARCHAR], returns: VARCHAR, call: formatJoda },
  { name: 'hw_parse_datetime', parameters: [VARCHAR, VARCHAR], returns: BIGINT, call: parseJoda },
  { name: 'hw_readable_seconds', parameters: [DOUBLE], returns: VARCHAR, call: readableSeconds },
  { name: 'hw_from_base', parameters: [VARCHAR, BIGINT], returns: BIGINT, call: fromBase },
  { name: 'hw_to_base', parameters: [BIGINT, BIGINT], returns: VARCHAR, call: toBase },
  { name: 'hw_split', parameters: [VARCHAR, VARCHAR, BIGINT], returns: LIST(VARCHAR), call: split },
  { name: 'hw_levenshtein', parameters: [VARCHAR, VARCHAR], returns: BIGINT, call: levenshtein },
  { name: 'hw_hamming', parameters: [VARCHAR, VARCHAR], returns: BIGINT, call: hamming },
  { name: 'hw_strpos', parameters: [VARCHAR, VARCHAR, BIGINT], returns: BIGINT, call: position },
  {
    name: 'hw_weighted_percentiles',
    parameters: [LIST(DOUBLE), LIST(DOUBLE), LIST(DOUBLE)],
    returns: LIST(DOUBLE),
    call: weightedPercentiles,
  },
];

function radixOf(radix: bigint): number {
  if (radix >= 2n && radix <= 36n) return Number(radix);
  throw new Error('Radix must be between 2 and 36');
}

function toBase(value: bigint, radix: bigint): string {
  return value.toString(radixOf(radix));
}

function fromBase(text: string, radix: bigint): bigint {
  const base = radixOf(radix);
  const digits = text.replace(/^[+-]/, '').toLowerCase();
  let value = 0n;
  for (const digit of digits) {
    const worth = Number.parseInt(digit, base);
    if (Number.isNaN(worth)) throw new Error(`Not a valid base-${base} number: ${text}`);
    value = value * BigInt(base) + BigInt(worth);
    if (value > 2n ** 63n) break;
  }
  const signed = text.startsWith('-') ? -value : value;
  if (digits === '' || BigInt.asIntN(64, signed) !== signed) {
    throw new Error(`Not a valid base-${base} number: ${text}`);
  }
  return signed;
}

/** The last part holds the rest. */
function split(text: string, delimiter: string, limit: bigint): DuckDBListValue {
  if (delimiter === '') throw new Error('The delimiter may not be the empty string');
  if (limit <= 0n) throw new Error('Limit must be positive');
  const parts = text.split(delimiter);
  if (BigInt(parts.length) <= limit) return new DuckDBListValue(parts);
  const kept = Number(limit) - 1;
  return new DuckDBListValue([...parts.slice(0, kept), parts.slice(kept).join(delimiter)]);
}

/** Where the n-th occurrence begins, from the end when n is negative; 0 when there is none. */
function position(text: string, search: string, instance: bigint): bigint {
  if (instance === 0n) throw new Error("'instance' must be a positive or negative number.");
  if (search === '') return 1n;
  const count = Number(instance < 0n ? -instance : instance);
  let at = instance < 0n ? text.length + 1 : -1;
  for (let found = 0; found < count; found += 1) {
    if (instance < 0n && at === 0) return 0n;
    at = instance < 0n ? text.lastIndexOf(search, at - 1) : text.indexOf(search, at + 1);
    if (at === -1) return 0n;
  }
  return BigInt(characters(text.slice(0, at)) + 1);
}

function characters(text: string): number {
  return text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0);
}

/** For each share, the least value that, with all below it, has that share of the whole weight. */
function weightedPercentiles(
  values: DuckDBListValue,
  weights: DuckDBListValue,
  shares: DuckDBListValue,
): DuckDBListValue {
  const pairs = values.items
    .map((value, at) => ({ value: Number(value), weight: Number(weights.items[at]) }))
    .filter((_, at) => values.items[at] !== null && weights.items[at] !== null)
    .toSorted((a, b) => a.value - b.value);
  const whole = pairs.reduce((sum, { weight }) => sum + weight, 0);
  const at = (share: number): number | null => {
    let reached = 0;
    for (const { value, weight } of pairs) {
      reached += weight;
      // A hundredth is no double: 0.07 of 100 is a little more than 7.
      if (reached >= share * whole * (1 - 4 * Number.EPSILON)) return value;
    }
    return pairs.at(-1)?.value ?? null;
  };
  return new DuckDBListValue(shares.items.map((share) => at(Number(share))));
}
