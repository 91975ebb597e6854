import { colour } from '../lib/theme.ts';

/** Colours that tell lines apart, also for eyes that see fewer of them. */
export const linesCount = 8;

/** The colour of a line, by its place among the lines. */
export function lineColour(index: number): string {
  return colour(`line-${index % linesCount}`);
}
