import { cutText } from '@highwater/model';
import { ServiceException } from '@highwater/kinesis-engine';
import type { WireFormat } from '../wire/wire-formats.ts';

/** Problems collected while a request is read. */
export interface Reading {
  readonly wire: WireFormat;
  readonly problems: Problems;
}

/** Maximum problems reported for one request, as by the service. */
const problemsMax = 10;
/**
 * Maximum characters shown of a value. The service prints it completely, which may be megabytes.
 */
const shownCharactersMax = 100;

/** Violated constraints, in the service's words: the first ten. */
export class Problems {
  readonly texts: string[] = [];

  get isFull(): boolean {
    return this.texts.length >= problemsMax;
  }

  /** Records that a value breaks a rule; `at` is its path. */
  add(value: string | number | null, at: string, rule: string): void {
    if (this.isFull) return;
    const shown = value === null ? 'null' : `'${cutText(String(value), shownCharactersMax)}'`;
    this.texts.push(`Value ${shown} at '${at}' failed to satisfy constraint: ${rule}`);
  }
}

/** Reads one member of a request; `at` is its path, in the form of the service's messages. */
export type Member<T> = (value: unknown, at: string, reading: Reading) => T;

/** Type of the member's value. */
export type ValueOf<M> = M extends Member<infer T> ? T : never;

export interface TextRules {
  readonly lengthMin?: number | undefined;
  readonly lengthMax?: number | undefined;
  /** The pattern, as shown by the service. The whole text must match. */
  readonly pattern?: string | undefined;
}

/** A text, with the limits that the API documents. */
export function text(rules: TextRules = {}): Member<string | undefined> {
  const { lengthMin = 0, lengthMax = Infinity, pattern } = rules;
  const whole = pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`, 'u');
  return (value, at, { problems }) => {
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw wrongType(value, 'String');
    if (value.length > lengthMax) {
      problems.add(value, at, `Member must have length less than or equal to ${lengthMax}`);
      // Patterns are not tried on it, because some take quadratic time in the length of a text.
      return value;
    }
    if (value.length < lengthMin) {
      problems.add(value, at, `Member must have length greater than or equal to ${lengthMin}`);
    }
    if (whole !== undefined && !whole.test(value)) {
      problems.add(value, at, `Member must satisfy regular expression pattern: ${pattern}`);
    }
    return value;
  };
}

/** One of a few names. */
export function oneOf<T extends string>(...names: readonly T[]): Member<T | undefined> {
  return (value, at, { problems }) => {
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw wrongType(value, 'String');
    if (!(names as readonly string[]).includes(value)) {
      problems.add(value, at, `Member must satisfy enum value set: [${names.join(', ')}]`);
    }
    return value as T;
  };
}

/** A whole number within limits. A fraction is cut off, as by the service. */
export function integer(min: number, max: number): Member<number | undefined> {
  return (value, at, { problems }) => {
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'number') throw wrongType(value, 'Integer');
    const whole = Math.trunc(value);
    if (whole < min) {
      problems.add(whole, at, `Member must have value greater than or equal to ${min}`);
    }
    if (whole > max) {
      problems.add(whole, at, `Member must have value less than or equal to ${max}`);
    }
    return whole;
  };
}

export const flag: Member<boolean | undefined> = (value) => {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw wrongType(value, 'Boolean');
  return value;
};

/** A point in time, ms. */
export const time: Member<number | undefined> = (value, _at, { wire }) => {
  if (value === undefined || value === null) return undefined;
  const timeMs = wire.readTimeMs(value);
  if (timeMs === undefined) throw wrongType(value, 'milliseconds since epoch');
  return timeMs;
};

export const blob: Member<Uint8Array | undefined> = (value, _at, { wire }) => {
  if (value === undefined || value === null) return undefined;
  const bytes = wire.readBlob(value);
  if (bytes === undefined) throw wrongType(value, 'Blob');
  return bytes;
};

/** A required member. */
export function required<T>(member: Member<T>): Member<NonNullable<T>> {
  return (value, at, reading) => {
    const read = member(value, at, reading);
    if (read === undefined || read === null) {
      reading.problems.add(null, at, 'Member must not be null');
    }
    // When it is missing, the problem just recorded keeps the request from being used.
    return read as NonNullable<T>;
  };
}

/**
 * A list. In paths, its elements are called `member`, and count from 1. A list that is too long is
 * not read.
 */
export function list<T>(
  element: Member<T>,
  lengthMin: number,
  lengthMax: number,
): Member<readonly T[] | undefined> {
  return (value, at, reading) => {
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value)) throw wrongType(value, 'list');
    const { problems } = reading;
    if (value.length > lengthMax) {
      problems.add('[]', at, `Member must have length less than or equal to ${lengthMax}`);
      return [];
    }
    if (value.length < lengthMin) {
      problems.add('[]', at, `Member must have length greater than or equal to ${lengthMin}`);
    }
    return value.map((item, i) => element(item, `${at}.${i + 1}.member`, reading));
  };
}

/** A map from text to text, such as tags. One with too many entries is not read. */
export function texts(bounds: {
  readonly entriesMax: number;
  readonly keyLengthMax: number;
  readonly valueLengthMax: number;
}): Member<ReadonlyMap<string, string> | undefined> {
  const { entriesMax, keyLengthMax, valueLengthMax } = bounds;
  const key = text({ lengthMin: 1, lengthMax: keyLengthMax });
  const entry = required(text({ lengthMax: valueLengthMax }));
  return (value, at, reading) => {
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'object' || Array.isArray(value)) throw wrongType(value, 'map');
    if (Object.keys(value).length > entriesMax) {
      reading.problems.add('{}', at, `Member must have length less than or equal to ${entriesMax}`);
      return new Map();
    }
    return new Map(
      Object.entries(value).map(([name, given]): [string, string] => {
        key(name, `${at}.key`, reading);
        const shownName = cutText(name, shownCharactersMax);
        return [name, entry(given, `${at}.${shownName}.member`, reading)];
      }),
    );
  };
}

type Members = Readonly<Record<string, Member<unknown>>>;
type Read<M extends Members> = { readonly [K in keyof M]: ValueOf<M[K]> };

/** A structure of named members. Others are ignored, as by the service. */
export function structure<M extends Members>(members: M): Member<Read<M> | undefined> {
  const entries = Object.entries(members);
  return (value, at, reading) => {
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'object' || Array.isArray(value)) throw wrongType(value, 'structure');
    const given = value as Record<string, unknown>;
    const prefix = at === '' ? '' : `${at}.`;
    const read: Record<string, unknown> = {};
    for (const [name, member] of entries) {
      read[name] = member(given[name], `${prefix}${lowerFirst(name)}`, reading);
    }
    return read as Read<M>;
  };
}

/**
 * Reads a whole request.
 *
 * @throws {ServiceException} SerializationException for a value of the wrong type,
 * ValidationException naming the first ten violated constraints
 */
export function readRequest<T>(member: Member<T>, body: unknown, wire: WireFormat): NonNullable<T> {
  const problems = new Problems();
  const read = member(body, '', { wire, problems });
  const { texts: told } = problems;
  if (told.length > 0) {
    const noun = told.length === 1 ? 'error' : 'errors';
    throw new ServiceException(
      'ValidationException',
      `${told.length} validation ${noun} detected: ${told.join('; ')}`,
    );
  }
  if (read === undefined || read === null) throw wrongType(body, 'structure');
  return read;
}

function wrongType(value: unknown, wanted: string): ServiceException {
  const found = Array.isArray(value) ? 'list' : typeof value;
  return new ServiceException(
    'SerializationException',
    `a ${found} can not be converted to ${wanted}`,
  );
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
