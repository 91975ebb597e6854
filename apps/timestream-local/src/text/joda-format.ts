import { monthNames, weekdayNames } from './calendar-names.ts';
import { PatternReader, type FieldReaders } from './pattern-reader.ts';
import { timeParts, type TimeParts } from './time-parts.ts';

/** Runs of one letter, texts in quotes, and everything between. */
const pieces = /([A-Za-z])\1*|'((?:[^']|'')*)'|[^A-Za-z']+/gs;

/**
 * Writes a point in time by a format of Joda's letters.
 *
 * @throws {Error} at a letter that is not known here
 */
export function formatJoda(timeNs: bigint, format: string): string {
  const parts = timeParts(timeNs);
  let text = '';
  for (const [piece, letter, quoted] of format.matchAll(pieces)) {
    if (letter !== undefined) text += write(letter, piece.length, parts);
    else text += quoted === undefined ? piece : unquote(quoted);
  }
  return text;
}

function unquote(quoted: string): string {
  return quoted === '' ? "'" : quoted.replaceAll("''", "'");
}

function write(letter: string, length: number, parts: TimeParts): string {
  const padded = (value: number) => String(value).padStart(length, '0');
  const named = (name: string) => (length >= 4 ? name : name.slice(0, 3));
  switch (letter) {
    case 'G':
      return parts.year > 0 ? 'AD' : 'BC';
    case 'C':
      return padded(Math.floor(parts.year / 100));
    case 'y':
    case 'Y':
      return length === 2 ? String(parts.year % 100).padStart(2, '0') : padded(parts.year);
    case 'x':
      return padded(parts.weekYear);
    case 'w':
      return padded(parts.week);
    case 'e':
      return padded(parts.weekday === 0 ? 7 : parts.weekday);
    case 'D':
      return padded(parts.dayOfYear);
    case 'M':
      return length >= 3 ? named(monthNames[parts.month - 1] ?? '') : padded(parts.month);
    case 'd':
      return padded(parts.day);
    case 'E':
      return named(weekdayNames[parts.weekday] ?? '');
    case 'a':
      return parts.hour < 12 ? 'AM' : 'PM';
    case 'H':
      return padded(parts.hour);
    case 'h':
      return padded(parts.hour % 12 === 0 ? 12 : parts.hour % 12);
    case 'K':
      return padded(parts.hour % 12);
    case 'k':
      return padded(parts.hour === 0 ? 24 : parts.hour);
    case 'm':
      return padded(parts.minute);
    case 's':
      return padded(parts.second);
    case 'S':
      return String(parts.nanosecond).padStart(9, '0').slice(0, length).padEnd(length, '0');
    case 'z':
      return 'UTC';
    case 'Z':
      return length === 1 ? '+0000' : length === 2 ? '+00:00' : 'UTC';
    default:
      throw new Error(`Illegal pattern component: ${letter}`);
  }
}

const readers: FieldReaders = {
  y: 'year',
  Y: 'year',
  M: 'month',
  d: 'day',
  E: 'weekdayName',
  a: 'amPm',
  H: 'hour',
  h: 'halfHour',
  m: 'minute',
  s: 'second',
  S: 'fraction',
  Z: 'offset',
};

/**
 * Reads a point in time in a format with Joda's letters.
 *
 * @throws {Error} where the text does not match the format
 */
export function parseJoda(text: string, format: string): bigint {
  const reader = new PatternReader(text);
  const all = [...format.matchAll(pieces)];
  for (const [at, [piece, letter, quoted]] of all.entries()) {
    if (letter === undefined) {
      reader.literal(quoted === undefined ? piece : unquote(quoted));
      continue;
    }
    const field = readers[letter];
    if (!field) throw new Error(`Illegal pattern component: ${letter}`);
    const isNumber = !['weekdayName', 'amPm', 'offset'].includes(field);
    const touchesNext = all[at + 1]?.[1] !== undefined;
    if (field === 'month' && piece.length >= 3) reader.field('monthName');
    else if (field === 'year' && piece.length === 2) reader.field('shortYear');
    else reader.field(field, isNumber && touchesNext ? piece.length : undefined);
  }
  return reader.end();
}
