import { monthNames, weekdayNames } from './calendar-names.ts';
import { PatternReader, type FieldReaders } from './pattern-reader.ts';
import { timeParts, type TimeParts } from './time-parts.ts';

const two = (value: number) => String(value).padStart(2, '0');
const half = (hour: number) => (hour % 12 === 0 ? 12 : hour % 12);

const writers: Readonly<Record<string, (parts: TimeParts) => string>> = {
  a: ({ weekday }) => (weekdayNames[weekday] ?? '').slice(0, 3),
  b: ({ month }) => (monthNames[month - 1] ?? '').slice(0, 3),
  c: ({ month }) => String(month),
  d: ({ day }) => two(day),
  e: ({ day }) => String(day),
  f: ({ nanosecond }) => String(Math.floor(nanosecond / 1000)).padStart(6, '0'),
  H: ({ hour }) => two(hour),
  h: ({ hour }) => two(half(hour)),
  I: ({ hour }) => two(half(hour)),
  i: ({ minute }) => two(minute),
  j: ({ dayOfYear }) => String(dayOfYear).padStart(3, '0'),
  k: ({ hour }) => String(hour),
  l: ({ hour }) => String(half(hour)),
  M: ({ month }) => monthNames[month - 1] ?? '',
  m: ({ month }) => two(month),
  p: ({ hour }) => (hour < 12 ? 'AM' : 'PM'),
  r: (parts) => mysqlFormat(parts, '%h:%i:%s %p'),
  S: ({ second }) => two(second),
  s: ({ second }) => two(second),
  T: (parts) => mysqlFormat(parts, '%H:%i:%s'),
  v: ({ week }) => two(week),
  W: ({ weekday }) => weekdayNames[weekday] ?? '',
  x: ({ weekYear }) => String(weekYear),
  Y: ({ year }) => String(year).padStart(4, '0'),
  y: ({ year }) => two(year % 100),
  '%': () => '%',
};

/**
 * Writes a point in time by a format of MySQL's letters.
 *
 * @throws {Error} at a letter that the service does not know either
 */
export function formatMysql(timeNs: bigint, format: string): string {
  return mysqlFormat(timeParts(timeNs), format);
}

function mysqlFormat(parts: TimeParts, format: string): string {
  return format.replace(/%(.?)/gsu, (_, letter: string) => {
    const write = Object.hasOwn(writers, letter) ? writers[letter] : undefined;
    if (!write) throw new Error(`%${letter} not supported in date format string`);
    return write(parts);
  });
}

const readers: FieldReaders = {
  a: 'weekdayName',
  b: 'monthName',
  c: 'month',
  d: 'day',
  e: 'day',
  f: 'fraction',
  H: 'hour',
  h: 'halfHour',
  I: 'halfHour',
  i: 'minute',
  k: 'hour',
  l: 'halfHour',
  M: 'monthName',
  m: 'month',
  p: 'amPm',
  S: 'second',
  s: 'second',
  W: 'weekdayName',
  Y: 'year',
  y: 'shortYear',
};

/**
 * Reads a point in time in a format with MySQL's letters.
 *
 * @throws {Error} where the text does not match the format
 */
export function parseMysql(text: string, format: string): bigint {
  const reader = new PatternReader(text);
  const written = format.replaceAll('%T', '%H:%i:%s').replaceAll('%r', '%h:%i:%s %p');
  for (const [, letter, literal] of written.matchAll(/%(.)|([^%]+)/gsu)) {
    const field = letter === undefined ? undefined : readers[letter];
    if (literal !== undefined || letter === '%') reader.literal(literal ?? '%');
    else if (field) reader.field(field);
    else throw new Error(`%${letter} not supported in date format string`);
  }
  return reader.end();
}
