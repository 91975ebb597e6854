import { relative } from 'node:path';

/** A path as a person would type it: relative inside the working directory, otherwise absolute. */
export function shownPath(path: string): string {
  const fromHere = relative('', path);
  return fromHere.startsWith('..') ? path : fromHere || '.';
}
