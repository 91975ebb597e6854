import type { TextPlace } from '@highwater/store-kit';

/** Where the engine says that a statement is wrong: `failed at position 22 (z) (line 2, col 12)`. */
export function placeOfError(message: string): TextPlace | undefined {
  const place = /\(line (\d+), col (\d+)\)/.exec(message);
  if (place) return { line: Number(place[1]), column: Number(place[2]) };
  // Of a statement in one line, only the position is told.
  const position = /failed at position (\d+)/.exec(message)?.[1];
  return position === undefined ? undefined : { line: 1, column: Number(position) };
}
