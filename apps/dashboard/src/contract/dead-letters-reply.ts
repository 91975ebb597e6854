import { z } from 'zod';
import type { Immutable } from './immutable.ts';
import { count } from './units.ts';

/** A record that could not be used, as it is kept. */
export const keptLetter = z.object({
  time: z.string(),
  stage: z.string(),
  reason: z.string(),
  detail: z.string(),
  stream: z.string(),
  shardId: z.string(),
  sequenceNumber: z.string(),
  subSequenceNumber: count.optional().describe('Which record of an aggregate, when in one'),
  arrivalTime: z.string(),
  payload: z.base64(),
});

const deadLetter = keptLetter.extend({
  payload: z.object({
    kind: z.enum(['json', 'text', 'bytes']),
    text: z.string().describe('Of bytes, a dump'),
    sizeBytes: count,
  }),
  advice: z.string().describe('What a person can do about it'),
});

export const deadLettersReply = z.object({
  letters: z.array(deadLetter).describe('Newest first'),
  isTruncated: z.boolean(),
  reasons: z
    .array(z.object({ stage: z.string(), reason: z.string(), lettersCount: count }))
    .describe('How many of each, among those that were read'),
});

export type DeadLetterView = Immutable<z.output<typeof deadLetter>>;
export type DeadLettersReply = Immutable<z.output<typeof deadLettersReply>>;
