import { eachMember } from '../object-members.ts';

/**
 * The position of a value in a text: from its first character to the one after its last, including
 * quotes.
 */
export interface ValuePlace {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds the time of a point in its JSON text, like `decodePoint`. If members have the same name,
 * the last one counts. If names differ in case, the last member counts, unless it is `null`.
 *
 * @param text an object that `JSON.parse` accepts
 */
export function findTime(text: string): ValuePlace | undefined {
  // As in the parsed object, a name keeps the position of its first occurrence.
  const places = new Map<string, ValuePlace>();
  eachMember(text, (name, start, end) => {
    if (name.toLowerCase() === 'time') places.set(name, { start, end });
  });
  return [...places.values()].findLast(({ start }) => !text.startsWith('null', start));
}
