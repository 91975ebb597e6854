import { quoteText } from './quote.ts';

/** SQL that repeats a value gets longer by that at every level; beyond this, functions of ours are called. */
const repeatedCharactersMax = 500;

/** Whether SQL of a value may be repeated a few times. */
export function isShortSql(sql: string): boolean {
  return sql.length <= repeatedCharactersMax;
}

/** `2020-08-08 01:00:00.000000000`, as `timestampText` writes it. */
export function nativeTimestampText(timeNs: string, between = ' '): string {
  return `(${strftime(timeNs, `%Y-%m-%d${between}%H:%M:%S.%f`)} || ${belowMicro(timeNs)})`;
}

/** A double as `doubleText` writes it: DuckDB's texts are the same where there is no exponent. */
export function nativeDoubleText(value: string): string {
  return `(CASE WHEN ${value} = 0 OR (abs(${value}) >= 0.001 AND abs(${value}) < 10000000) THEN CAST(${value} AS VARCHAR) ELSE hw_double_text(${value}) END)`;
}

/** A point in time by a format of DuckDB's. */
export function strftime(timeNs: string, format: string): string {
  // Floored; the least point in time has no whole microsecond below it, so nothing is subtracted first.
  const micros = `(${timeNs} // 1000 - CAST(${timeNs} % 1000 < 0 AS BIGINT))`;
  return `strftime(make_timestamp(${micros}), ${quoteText(format)})`;
}

/** The three digits of a point in time that DuckDB's do not have. */
export function belowMicro(timeNs: string): string {
  return `right('00' || ((${timeNs} % 1000 + 1000) % 1000), 3)`;
}
