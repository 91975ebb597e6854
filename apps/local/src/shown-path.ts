import { relative } from 'node:path';

/** A path as a person would type it: relative inside the working directory, absolute elsewhere. */
export function shownPath(path: string): string {
  const fromHere = relative('', path);
  return fromHere.startsWith('..') ? path : fromHere || '.';
}
