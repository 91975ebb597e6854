import { z } from 'zod';
import { durationSchema } from './duration.ts';

/** How a gap is filled: on the line between its sides, with its left side, or with a fixed value. */
export const fillMethods = ['linear', 'locf', 'constant'] as const;
export type FillMethod = (typeof fillMethods)[number];

/** How a view fills the windows in which a series had no points. */
export const fillSchema = z.strictObject({
  method: z
    .enum(fillMethods)
    .describe('On the line between both sides, with the last one carried forward, or with a value'),
  value: z.number().optional().describe('With method: constant, the value'),
  maxGap: durationSchema.describe('Gaps longer than this are left open'),
});
export type Fill = z.output<typeof fillSchema>;
