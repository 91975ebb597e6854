import { z } from 'zod';
import type { Immutable } from './immutable.ts';
import { timeMs } from './units.ts';

export const correction = z
  .object({
    measure: z.string(),
    dimensions: z.record(z.string(), z.string()),
    windowStartMs: timeMs,
    windowEndMs: timeMs,
    knownAtMs: timeMs.describe('Arrival of the newest point in the corrected value'),
    from: z.number().describe('Value before the correction'),
    to: z.number().describe('Value after the correction'),
    points: z.number().describe('Number of points in the window after the correction'),
    added: z.number().describe('Number of points that the correction added'),
    late: z.number().describe('Number of added points that arrived after the end of the window'),
    lateByMs: z
      .number()
      .describe('Time from the end of the window to the arrival of the latest point, in ms'),
  })
  .describe('A stored value that late points changed');

export const correctionsReply = z.object({
  corrections: z.array(correction).describe('Newest first'),
  isTruncated: z.boolean(),
  isMissing: z
    .boolean()
    .describe('Whether the table does not exist yet, because no correction has been published'),
});

export type Correction = Immutable<z.output<typeof correction>>;
export type CorrectionsReply = Immutable<z.output<typeof correctionsReply>>;
