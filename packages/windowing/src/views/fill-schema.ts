import { z } from 'zod';
import { durationSchema } from './duration.ts';

/** How a gap is filled: on the line between its sides, with its left side, or with a fixed value. */
export const fillMethods = ['linear', 'locf', 'constant'] as const;
export type FillMethod = (typeof fillMethods)[number];

/** How a view fills the windows in which a series had no points. */
export const fillSchema = z.strictObject({
  method: z
    .enum(fillMethods)
    .describe(
      'How the values in a gap are computed. linear: on the line between the rows on both sides; locf: the last value before the gap; constant: a fixed value',
    ),
  value: z
    .number()
    .optional()
    .describe(
      'Value to fill in. Required with method: constant, and not allowed with other methods',
    ),
  maxGap: durationSchema.describe('Length of the longest gap that is filled, 1 to 255 windows'),
});
export type Fill = z.output<typeof fillSchema>;
