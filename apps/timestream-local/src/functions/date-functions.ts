import { addMonths } from '../types/add-months.ts';
import { dateToTimestamp } from '../types/typed.ts';
import { calendarUnits, fixedUnits, unitOf } from './date-units.ts';
import { scalar, type FunctionDefinition, type Render } from './function-definition.ts';
import { dayNs, duckTimestamp, floorTo, nanosecondsFromDuck, toDate } from './time-sql.ts';

const text = (value = '') => value;

/** A part of a date, by DuckDB's function of a name. */
const datePart =
  (name: string): Render =>
  ([value], { types: [type] }) =>
    `CAST(${name}(${type?.kind === 'date' ? text(value) : duckTimestamp(text(value))}) AS BIGINT)`;

const datePartFunction = (name: string, duck: string): FunctionDefinition =>
  scalar([
    [`${name}(date) -> bigint`, datePart(duck)],
    [`${name}(timestamp) -> bigint`, datePart(duck)],
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

const truncate: Render = ([, value], { texts, types: [, type] }) => {
  const unit = unitOf(texts[0], [
    'millisecond',
    'second',
    'minute',
    'hour',
    'day',
    'week',
    'month',
    'quarter',
    'year',
  ]);
  const timeNs = type?.kind === 'date' ? dateToTimestamp(text(value)) : text(value);
  const fixed = fixedUnits[unit];
  const truncated = calendarUnits.includes(unit)
    ? nanosecondsFromDuck(`CAST(date_trunc('${unit}', ${duckTimestamp(timeNs)}) AS TIMESTAMP)`)
    : unit === 'week'
      ? // The epoch is a Thursday, and weeks begin on Monday.
        `(${floorTo(`(${timeNs} + ${3n * BigInt(dayNs)})`, 7n * BigInt(dayNs))} - ${3n * BigInt(dayNs)})`
      : floorTo(timeNs, fixed ?? 1n);
  return type?.kind === 'date' ? toDate(truncated) : truncated;
};

const add: Render = ([, count, value], { texts, types: [, , type] }) => {
  const unit = unitOf(texts[0], [...Object.keys(fixedUnits), ...calendarUnits]);
  const isDate = type?.kind === 'date';
  const timeNs = isDate ? dateToTimestamp(text(value)) : text(value);
  const months = { month: 1, quarter: 3, year: 12 }[unit];
  const moved =
    months === undefined
      ? `(${timeNs} + ${count} * ${fixedUnits[unit]})`
      : addMonths(timeNs, '+', `CAST(${count} * ${months} AS INTEGER)`);
  return isDate ? toDate(moved) : moved;
};

/** Complete units between two points in time, as in Trino; DuckDB's `date_diff` counts borders. */
const difference: Render = ([, from, to], { texts }) => {
  const unit = unitOf(texts[0], [...Object.keys(fixedUnits), ...calendarUnits]);
  const fixed = fixedUnits[unit];
  return fixed === undefined
    ? `datesub('${unit}', ${duckTimestamp(text(from))}, ${duckTimestamp(text(to))})`
    : `((${to} - ${from}) // ${fixed})`;
};

const unitIsConstant = { note: 'the unit must be a text in quotes' };

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
      ['date_trunc(varchar, date) -> date', truncate],
      ['date_trunc(varchar, time) -> time', truncate],
    ],
    unitIsConstant,
  ),
  scalar(
    [
      ['date_add(varchar, bigint, timestamp) -> timestamp', add],
      ['date_add(varchar, bigint, date) -> date', add],
    ],
    unitIsConstant,
  ),
  scalar([['date_diff(varchar, timestamp, timestamp) -> bigint', difference]], unitIsConstant),
  scalar([
    ['last_day_of_month(date) -> date', ([value]) => `last_day(${value})`],
    [
      'last_day_of_month(timestamp) -> date',
      ([value]) => `last_day(${duckTimestamp(text(value))})`,
    ],
  ]),
  datePartFunction('year', 'year'),
  datePartFunction('quarter', 'quarter'),
  datePartFunction('month', 'month'),
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
    ['day(date) -> bigint', datePart('day')],
    ['day(timestamp) -> bigint', datePart('day')],
    ['day(duration) -> bigint', ([value]) => `(${value} // ${dayNs})`],
  ]),
  timePartFunction('hour', 3_600_000_000_000, Number(dayNs)),
  timePartFunction('minute', 60_000_000_000, 3_600_000_000_000),
  timePartFunction('second', 1_000_000_000, 60_000_000_000),
  timePartFunction('millisecond', 1_000_000, 1_000_000_000),
  timePartFunction('nanosecond', 1, 1_000_000_000),
  scalar([
    ['to_iso8601(timestamp) -> varchar', ([value]) => `hw_to_iso8601(${value})`],
    ['to_iso8601(date) -> varchar', ([value]) => `strftime(${value}, '%Y-%m-%d')`],
  ]),
  scalar(
    [['from_iso8601_timestamp(varchar) -> timestamp', ([value]) => `hw_from_iso8601(${value})`]],
    { note: 'calendar dates only, no week dates; an offset is converted to UTC' },
  ),
  scalar([
    [
      'from_iso8601_date(varchar) -> date',
      ([value]) => `CAST(DATE '1970-01-01' + hw_parse_date(${value}) AS DATE)`,
    ],
  ]),
  scalar([
    [
      'date_format(timestamp, varchar) -> varchar',
      ([value, format]) => `hw_date_format(${value}, ${format})`,
    ],
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
        ([value, format]) => `hw_format_datetime(${value}, ${format})`,
      ],
    ],
    { note: 'the letters G C x e D are not known; English names' },
  ),
  scalar(
    [
      [
        'parse_datetime(varchar, varchar) -> timestamp',
        ([value, format]) => `hw_parse_datetime(${value}, ${format})`,
      ],
    ],
    { note: 'numbers, fractions, English month names and offsets' },
  ),
  scalar([
    ['human_readable_seconds(double) -> varchar', ([value]) => `hw_readable_seconds(${value})`],
  ]),
  scalar([['current_timezone() -> varchar', () => `'UTC'`]]),
];
