import { isShortSql, nativeDoubleText, nativeTimestampText } from './native-text.ts';
import type { SqlType } from './sql-type.ts';

type Rule = (sql: string) => string;
type Kind = SqlType['kind'];

const duckCast =
  (type: string): Rule =>
  (sql) =>
    `CAST(${sql} AS ${type})`;

const calls =
  (name: string): Rule =>
  (sql) =>
    `${name}(${sql})`;

/** Java rounds halves away from zero, and refuses what is not a number. */
const roundTo =
  (type: string): Rule =>
  (sql) =>
    `CAST(round(${sql}) AS ${type})`;

/** From midnight, in nanoseconds; floored, also before 1970. */
const ofDay: Rule = (sql) => `((${sql} % 86400000000000 + 86400000000000) % 86400000000000)`;

const toDate: Rule = (sql) =>
  `CAST(DATE '1970-01-01' + CAST((${sql} - ${ofDay(sql)}) // 86400000000000 AS INTEGER) AS DATE)`;

/** Casts between scalar types other than those that lose nothing. */
const rules: Readonly<Partial<Record<Kind, Readonly<Partial<Record<Kind, Rule>>>>>> = {
  boolean: {
    integer: duckCast('INTEGER'),
    bigint: duckCast('BIGINT'),
    double: (sql) => `CAST(CAST(${sql} AS INTEGER) AS DOUBLE)`,
    varchar: duckCast('VARCHAR'),
  },
  integer: {
    boolean: (sql) => `(${sql} <> 0)`,
    varchar: duckCast('VARCHAR'),
  },
  bigint: {
    boolean: (sql) => `(${sql} <> 0)`,
    integer: duckCast('INTEGER'),
    varchar: duckCast('VARCHAR'),
  },
  double: {
    boolean: (sql) => `(${sql} <> 0)`,
    integer: roundTo('INTEGER'),
    bigint: roundTo('BIGINT'),
    varchar: (sql) => (isShortSql(sql) ? nativeDoubleText(sql) : `hw_double_text(${sql})`),
  },
  varchar: {
    boolean: calls('hw_parse_boolean'),
    integer: (sql) => `CAST(hw_parse_bigint(${sql}) AS INTEGER)`,
    bigint: calls('hw_parse_bigint'),
    double: calls('hw_parse_double'),
    timestamp: calls('hw_parse_timestamp'),
    date: (sql) => `CAST(DATE '1970-01-01' + hw_parse_date(${sql}) AS DATE)`,
    time: calls('hw_parse_time'),
    'interval day to second': calls('hw_parse_duration'),
  },
  timestamp: {
    varchar: (sql) => (isShortSql(sql) ? nativeTimestampText(sql) : `hw_timestamp_text(${sql})`),
    date: toDate,
    time: ofDay,
  },
  date: { varchar: (sql) => `strftime(${sql}, '%Y-%m-%d')` },
  time: { varchar: calls('hw_time_text') },
  'interval day to second': { varchar: calls('hw_duration_text') },
  'interval year to month': { varchar: calls('hw_months_text') },
};

/** The rule of a cast between scalar types, where it takes more than widening. */
export function castRule(from: SqlType, to: SqlType): Rule | undefined {
  return rules[from.kind]?.[to.kind];
}
