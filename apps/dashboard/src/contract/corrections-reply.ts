import { z } from 'zod';
import type { Immutable } from './immutable.ts';
import { timeMs } from './units.ts';

export const correction = z
  .object({
    measure: z.string(),
    dimensions: z.record(z.string(), z.string()),
    windowStartMs: timeMs,
    windowEndMs: timeMs,
    knownAtMs: timeMs.describe('Arrival of the newest point that it includes'),
    from: z.number().describe('What was stored before'),
    to: z.number().describe('What is stored instead'),
    points: z.number().describe('Points in the window now'),
    added: z.number().describe('Points that it added'),
    late: z.number().describe('How many of them came after the window had ended'),
    lateByMs: z.number().describe('ms from the end of the window to the last of them'),
  })
  .describe('A stored value that late points changed');

export const correctionsReply = z.object({
  corrections: z.array(correction).describe('Newest first'),
  isTruncated: z.boolean(),
  isMissing: z.boolean().describe('The table is not there: nothing has published a correction yet'),
});

export type Correction = Immutable<z.output<typeof correction>>;
export type CorrectionsReply = Immutable<z.output<typeof correctionsReply>>;
