import { eachMember } from '../object-members.ts';

/** Where a value is in a text: from its first character to the one behind it, quotes included. */
export interface ValuePlace {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds the time of a point in its JSON text: the one that `decodePoint` reads. Of members with one name
 * the last one counts; of names that differ in case the one that comes up last, unless it is `null`.
 *
 * @param text an object that `JSON.parse` takes
 */
export function findTime(text: string): ValuePlace | undefined {
  // As in the parsed object, a name stays at the place where it came up first.
  const places = new Map<string, ValuePlace>();
  eachMember(text, (name, start, end) => {
    if (name.toLowerCase() === 'time') places.set(name, { start, end });
  });
  return [...places.values()].findLast(({ start }) => !text.startsWith('null', start));
}
