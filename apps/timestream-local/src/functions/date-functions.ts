import { addMonths } from '../types/add-months.ts';
import { sinceEpoch } from '../types/since-epoch.ts';
import { dateToTimestamp } from '../types/typed.ts';
import { isShortSql, nativeTimestampText } from '../types/native-text.ts';
import { calendarUnits, fixedUnits, unitOf } from './date-units.ts';
import { scalar, type FunctionDefinition, type Render } from './function-definition.ts';
import { nativeJodaFormat, nativeMysqlFormat } from './native-format.ts';
import {
  dayNs,
  duckTimestamp,
  floorTo,
  nanosecondsFromDuck,
  remainder,
  toDate,
} from './time-sql.ts';

const text = (value = '') => value;

/** A part of a date, by DuckDB's function of a name. */
const datePart =
  (name: string): Render =>
  ([value], { types: [type] }) =>
    `CAST(${name}(${type?.kind === 'date' ? text(value) : duckTimestamp(text(value))}) AS BIGINT)`;

/** @param ofMonths the part of an interval of months, where it has one */
const datePartFunction = (name: string, duck: string, ofMonths?: Render): FunctionDefinition =>
  // First the timestamp: it is what a text in quotes is read as.
  scalar([
    [`${name}(timestamp) -> bigint`, datePart(duck)],
    [`${name}(date) -> bigint`, datePart(duck)],
    ...(ofMonths ? [[`${name}(months) -> bigint`, ofMonths] as const] : []),
  ]);

/** A part of the time of a day: how often `unitNs` fits into what is above `wholeNs`. */
const timePart =
  (unitNs: number, wholeNs: number): Render =>
  ([value]) =>
    `(((${value} % ${wholeNs}) + ${wholeNs}) % ${wholeNs} // ${unitNs})`;

const timePartFunction = (name: string, unitNs: number, wholeNs: number): FunctionDefinition =>
  scalar([
    [`${name}(timestamp) -> bigint`, timePart(unitNs, wholeNs)],
    [`${name}(time) -> bigint`, timePart(unitNs, wholeNs)],
    [`${name}(duration) -> bigint`, ([value]) => `(${value} % ${wholeNs} // ${unitNs})`],
  ]);

const ofDayUnits = ['millisecond', 'second', 'minute', 'hour'];
const ofDateUnits = ['day', 'week', ...calendarUnits];

const truncate: Render = ([, value], { texts, types: [, type] }) => {
  const unit = unitOf(texts[0], [...ofDayUnits, ...ofDateUnits]);
  const timeNs = type?.kind === 'date' ? dateToTimestamp(text(value)) : text(value);
  const fixed = fixedUnits[unit];
  const truncated = calendarUnits.includes(unit)
    ? nanosecondsFromDuck(`CAST(date_trunc('${unit}', ${duckTimestamp(timeNs)}) AS TIMESTAMP)`)
    : unit === 'week'
      ? // The epoch is a Thursday, and weeks start on Monday.
        `(${floorTo(`(${timeNs} + ${3n * BigInt(dayNs)})`, 7n * BigInt(dayNs))} - ${3n * BigInt(dayNs)})`
      : floorTo(timeNs, fixed ?? 1n);
  return type?.kind === 'date' ? toDate(truncated) : truncated;
};

const truncateDate: Render = (args, facts) => {
  unitOf(facts.texts[0], ofDateUnits, 'DATE');
  return truncate(args, facts);
};

const truncateTime: Render = ([, value = ''], { texts }) =>
  floorTo(value, fixedUnits[unitOf(texts[0], ofDayUnits, 'TIME')] ?? 1n);

/** Around midnight. */
const addToTime: Render = ([, count, value], { texts }) => {
  const unit = fixedUnits[unitOf(texts[0], ofDayUnits, 'TIME')] ?? 1n;
  return remainder(`(${value} + ${count} % ${BigInt(dayNs) / unit} * ${unit})`, BigInt(dayNs));
};

const differenceOfTimes: Render = ([, from, to], { texts }) =>
  `((${to} - ${from}) // ${fixedUnits[unitOf(texts[0], ofDayUnits, 'TIME')]})`;

const add: Render = ([, count, value], { texts, types: [, , type] }) => {
  const isOfDate = type?.kind === 'date';
  const unit = isOfDate
    ? unitOf(texts[0], ofDateUnits, 'DATE')
    : unitOf(texts[0], [...Object.keys(fixedUnits), ...calendarUnits]);
  const timeNs = isOfDate ? dateToTimestamp(text(value)) : text(value);
  const months = { month: 1, quarter: 3, year: 12 }[unit];
  const moved =
    months === undefined
      ? `(${timeNs} + ${count} * ${fixedUnits[unit]})`
      : addMonths(timeNs, '+', `CAST(${count} * ${months} AS INTEGER)`);
  return isOfDate ? toDate(moved) : sinceEpoch(moved);
};

/** Complete units between two points in time, as in Trino; DuckDB's `date_diff` counts borders. */
const difference: Render = ([, from, to], { texts }) => {
  const unit = unitOf(texts[0], [...Object.keys(fixedUnits), ...calendarUnits]);
  const fixed = fixedUnits[unit];
  return fixed === undefined
    ? `datesub('${unit}', ${duckTimestamp(text(from))}, ${duckTimestamp(text(to))})`
    : `((${to} - ${from}) // ${fixed})`;
};

/** By DuckDB itself, if the format is a constant that it can write. */
const formatted =
  (name: string, native: typeof nativeMysqlFormat): Render =>
  ([value = '', format], { texts: [, constant] }) =>
    (constant !== undefined && isShortSql(value) ? native(value, constant) : undefined) ??
    `${name}(${value}, ${format})`;

const unitIsConstant = { note: 'the unit must be a quoted text' };

/** Calendar functions. DuckDB knows the calendar to the microsecond, which is enough for its parts. */
export const dateFunctions: readonly FunctionDefinition[] = [
  scalar([
    ['date(timestamp) -> date', ([value]) => toDate(text(value))],
    ['date(date) -> date', ([value]) => text(value)],
    [
      'date(varchar) -> date',
      ([value]) => `CAST(DATE '1970-01-01' + hw_parse_date(${value}) AS DATE)`,
    ],
  ]),
  scalar(
    [
      ['date_trunc(varchar, timestamp) -> timestamp', truncate],
      ['date_trunc(varchar, date) -> date', truncateDate],
      ['date_trunc(varchar, time) -> time', truncateTime],
    ],
    unitIsConstant,
  ),
  scalar(
    [
      ['date_add(varchar, bigint, timestamp) -> timestamp', add],
      ['date_add(varchar, bigint, date) -> date', add],
      ['date_add(varchar, bigint, time) -> time', addToTime],
    ],
    unitIsConstant,
  ),
  scalar(
    [
      ['date_diff(varchar, timestamp, timestamp) -> bigint', difference],
      ['date_diff(varchar, time, time) -> bigint', differenceOfTimes],
    ],
    unitIsConstant,
  ),
  scalar([
    [
      'last_day_of_month(timestamp) -> date',
      ([value]) => `last_day(${duckTimestamp(text(value))})`,
    ],
    ['last_day_of_month(date) -> date', ([value]) => `last_day(${value})`],
  ]),
  datePartFunction('year', 'year', ([value]) => `CAST(${value} // 12 AS BIGINT)`),
  datePartFunction('quarter', 'quarter'),
  datePartFunction('month', 'month', ([value]) => `CAST(${value} % 12 AS BIGINT)`),
  datePartFunction('week', 'week'),
  datePartFunction('week_of_year', 'week'),
  datePartFunction('day_of_month', 'day'),
  datePartFunction('day_of_week', 'isodow'),
  datePartFunction('dow', 'isodow'),
  datePartFunction('day_of_year', 'dayofyear'),
  datePartFunction('doy', 'dayofyear'),
  datePartFunction('year_of_week', 'isoyear'),
  datePartFunction('yow', 'isoyear'),
  scalar([
    ['day(timestamp) -> bigint', datePart('day')],
    ['day(date) -> bigint', datePart('day')],
    ['day(duration) -> bigint', ([value]) => `(${value} // ${dayNs})`],
  ]),
  timePartFunction('hour', 3_600_000_000_000, Number(dayNs)),
  timePartFunction('minute', 60_000_000_000, 3_600_000_000_000),
  timePartFunction('second', 1_000_000_000, 60_000_000_000),
  timePartFunction('millisecond', 1_000_000, 1_000_000_000),
  timePartFunction('nanosecond', 1, 1_000_000_000),
  scalar([
    [
      'to_iso8601(timestamp) -> varchar',
      ([value = '']) =>
        isShortSql(value)
          ? `(${nativeTimestampText(value, 'T')} || 'Z')`
          : `hw_to_iso8601(${value})`,
    ],
    ['to_iso8601(date) -> varchar', ([value]) => `strftime(${value}, '%Y-%m-%d')`],
  ]),
  scalar(
    [['from_iso8601_timestamp(varchar) -> timestamp', ([value]) => `hw_from_iso8601(${value})`]],
    { note: 'an offset is converted to UTC' },
  ),
  scalar([
    ['from_iso8601_date(varchar) -> date', ([value]) => toDate(`hw_from_iso8601_date(${value})`)],
  ]),
  scalar([
    ['date_format(timestamp, varchar) -> varchar', formatted('hw_date_format', nativeMysqlFormat)],
  ]),
  scalar([
    [
      'date_parse(varchar, varchar) -> timestamp',
      ([value, format]) => `hw_date_parse(${value}, ${format})`,
    ],
  ]),
  scalar(
    [
      [
        'format_datetime(timestamp, varchar) -> varchar',
        formatted('hw_format_datetime', nativeJodaFormat),
      ],
    ],
    { note: 'names of months and days are English' },
  ),
  scalar(
    [
      [
        'parse_datetime(varchar, varchar) -> timestamp',
        ([value, format]) => `hw_parse_datetime(${value}, ${format})`,
      ],
    ],
    { note: 'supports only numbers, fractions, English month names, and offsets' },
  ),
  scalar([
    ['human_readable_seconds(double) -> varchar', ([value]) => `hw_readable_seconds(${value})`],
  ]),
  scalar([['current_timezone() -> varchar', () => `'UTC'`]]),
];
