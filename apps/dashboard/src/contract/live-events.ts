import { z } from 'zod';
import { correction } from './corrections-reply.ts';
import type { Immutable } from './immutable.ts';
import { pipelineReply } from './pipeline-reply.ts';
import { timeMs } from './units.ts';

const liveTick = z
  .object({
    atMs: timeMs,
    store: z.enum(['ok', 'down', 'unknown']),
    detail: z.string().nullable().describe('Reason if the store is down'),
  })
  .describe('Every two seconds');

/** The data of each event of the live connection. */
export const liveEvents = {
  tick: liveTick,
  pipeline: pipelineReply.describe(
    'After every check of the services: their state and newest figures',
  ),
  corrections: z.array(correction).describe('Corrections published since the last event'),
};

export type LiveTick = Immutable<z.output<typeof liveTick>>;
export type LiveEvents = {
  readonly [Name in keyof typeof liveEvents]: Immutable<z.output<(typeof liveEvents)[Name]>>;
};
