import { hamming, levenshtein } from '../text/edit-distance.ts';
import { fromIso8601, fromIso8601Date, toIso8601 } from '../text/iso8601.ts';
import { formatJoda, parseJoda } from '../text/joda-format.ts';
import { formatMysql, parseMysql } from '../text/mysql-format.ts';
import { occurrence } from '../text/occurrence.ts';
import { fromBase, toBase } from '../text/radix.ts';
import { readableSeconds } from '../text/readable-seconds.ts';
import { udf, type Udf } from './udf.ts';
import { weightedPercentiles } from './weighted-percentiles.ts';

/** Functions of the dialect that DuckDB has no equal to. */
export const functionUdfs: readonly Udf[] = [
  udf('hw_to_iso8601', ['bigint'], 'text', (timeNs) => toIso8601(timeNs)),
  udf('hw_from_iso8601', ['text'], 'bigint', (text) => fromIso8601(text)),
  udf('hw_from_iso8601_date', ['text'], 'bigint', (text) => fromIso8601Date(text)),
  udf('hw_date_format', ['bigint', 'text'], 'text', (timeNs, format, work) => {
    work.spend(format.length * 50);
    return formatMysql(timeNs, format);
  }),
  udf('hw_date_parse', ['text', 'text'], 'bigint', (text, format, work) => {
    work.spend(format.length * 50);
    return parseMysql(text, format);
  }),
  udf('hw_format_datetime', ['bigint', 'text'], 'text', (timeNs, format, work) => {
    work.spend(format.length * 50);
    return formatJoda(timeNs, format);
  }),
  udf('hw_parse_datetime', ['text', 'text'], 'bigint', (text, format, work) => {
    work.spend(format.length * 50);
    return parseJoda(text, format);
  }),
  udf('hw_readable_seconds', ['double'], 'text', (value) => readableSeconds(value)),
  udf('hw_from_base', ['text', 'bigint'], 'bigint', (text, radix) => fromBase(text, radix)),
  udf('hw_to_base', ['bigint', 'bigint'], 'text', (value, radix) => toBase(value, radix)),
  udf('hw_levenshtein_distance', ['text', 'text'], 'bigint', (left, right, work) =>
    levenshtein(left, right, (units) => work.spend(units)),
  ),
  udf('hw_hamming_distance', ['text', 'text'], 'bigint', (left, right, work) => {
    work.spend(left.length * 5);
    return hamming(left, right);
  }),
  udf('hw_strpos', ['text', 'text', 'bigint'], 'bigint', (text, search, instance, work) =>
    occurrence(text, search, instance, (units) => work.spend(units)),
  ),
  udf('hw_weighted_percentiles', ['points', 'doubles'], 'doubles', (pairs, shares) =>
    weightedPercentiles(pairs, shares),
  ),
];
