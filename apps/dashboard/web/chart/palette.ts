import { colour } from '../lib/theme.ts';

/** Colors that distinguish lines, including for color-blind users. */
export const linesCount = 8;

/** The color of a line, by its index. */
export function lineColour(index: number): string {
  return colour(`line-${index % linesCount}`);
}
