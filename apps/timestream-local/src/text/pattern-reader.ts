import { monthNames, weekdayNames } from './calendar-names.ts';
import { daysFromCivil } from './parse-date-and-time.ts';

/** The fields of a point in time that a text can contain. */
export type Field =
  | 'year'
  | 'shortYear'
  | 'month'
  | 'monthName'
  | 'day'
  | 'weekdayName'
  | 'hour'
  | 'halfHour'
  | 'amPm'
  | 'minute'
  | 'second'
  | 'fraction'
  | 'offset';

/** The field of each letter of a format. */
export type FieldReaders = Readonly<Record<string, Field>>;

const patterns: Readonly<Record<Field, RegExp>> = {
  year: /[+-]?\d{1,4}/y,
  shortYear: /\d{2}/y,
  month: /\d{1,2}/y,
  monthName: /\p{L}+/uy,
  day: /\d{1,2}/y,
  weekdayName: /\p{L}+/uy,
  hour: /\d{1,2}/y,
  halfHour: /\d{1,2}/y,
  amPm: /[ap]m/iy,
  minute: /\d{1,2}/y,
  second: /\d{1,2}/y,
  fraction: /\d{1,9}/y,
  offset: /Z|UTC|[+-]\d{2}:?\d{2}/y,
};

const dayNs = 86_400_000_000_000n;

/** Reads a text field by field. What it does not say is midnight of the first of January 1970. */
export class PatternReader {
  readonly #text: string;
  #at = 0;
  readonly #values = new Map<Field, string>();

  constructor(text: string) {
    this.#text = text;
  }

  literal(literal: string): void {
    if (!this.#text.startsWith(literal, this.#at)) throw this.#malformed();
    this.#at += literal.length;
  }

  /** @param digits the exact number of them, where the next field follows without a border */
  field(field: Field, digits?: number): void {
    const pattern =
      digits === undefined
        ? new RegExp(patterns[field])
        : new RegExp(String.raw`\d{${digits}}`, 'y');
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) throw this.#malformed();
    this.#at += found.length;
    this.#values.set(field, found);
  }

  /** The point in time, in nanoseconds. */
  end(): bigint {
    if (this.#at !== this.#text.length) throw this.#malformed();
    const number = (field: Field, otherwise: number) =>
      Number(this.#values.get(field) ?? otherwise);
    const days = daysFromCivil(this.#year(), this.#month(), number('day', 1));
    const [hour, minute, second] = [this.#hour(), number('minute', 0), number('second', 0)];
    if (days === undefined || hour > 23 || minute > 59 || second > 59) throw this.#malformed();
    const seconds = BigInt(hour * 3600 + minute * 60 + second);
    const fraction = BigInt((this.#values.get('fraction') ?? '').padEnd(9, '0'));
    return BigInt(days) * dayNs + seconds * 1_000_000_000n + fraction - this.#offsetNs();
  }

  #year(): number {
    const short = this.#values.get('shortYear');
    // As MySQL: 70 to 99 are of the last century.
    if (short !== undefined) return Number(short) + (Number(short) < 70 ? 2000 : 1900);
    return Number(this.#values.get('year') ?? 1970);
  }

  #month(): number {
    const name = this.#values.get('monthName');
    const weekday = this.#values.get('weekdayName');
    if (weekday !== undefined && indexOfName(weekdayNames, weekday) === -1) throw this.#malformed();
    if (name === undefined) return Number(this.#values.get('month') ?? 1);
    const index = indexOfName(monthNames, name);
    if (index === -1) throw this.#malformed();
    return index + 1;
  }

  #hour(): number {
    const half = this.#values.get('halfHour');
    if (half === undefined) return Number(this.#values.get('hour') ?? 0);
    const isAfternoon = this.#values.get('amPm')?.toLowerCase() === 'pm';
    return (Number(half) % 12) + (isAfternoon ? 12 : 0);
  }

  #offsetNs(): bigint {
    const match = /^([+-])(\d{2}):?(\d{2})$/.exec(this.#values.get('offset') ?? '');
    if (!match) return 0n;
    const minutes = BigInt(match[2] ?? 0) * 60n + BigInt(match[3] ?? 0);
    return minutes * 60_000_000_000n * (match[1] === '-' ? -1n : 1n);
  }

  #malformed(): Error {
    const [text, rest] = [this.#text.slice(0, 100), this.#text.slice(this.#at, this.#at + 100)];
    return new Error(`Invalid format: "${text}" is malformed at "${rest}"`);
  }
}

/** By the whole name or its first three letters. */
function indexOfName(names: readonly string[], name: string): number {
  const wanted = name.toLowerCase();
  return names.findIndex((each) =>
    [each.toLowerCase(), each.slice(0, 3).toLowerCase()].includes(wanted),
  );
}
