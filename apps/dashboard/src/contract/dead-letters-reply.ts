import { z } from 'zod';
import type { Immutable } from './immutable.ts';
import { count } from './units.ts';

const refusedElements = z.object({
  refused: count.describe('How many elements of the record were refused'),
  ranges: z
    .array(z.tuple([count, count]))
    .describe('Which, counted from 0: from one to another, both included'),
  unlisted: count.optional().describe('How many of them are in no range'),
  reasons: z.record(z.string(), count).describe('How many for each reason'),
});

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
  elements: refusedElements.optional().describe('Where the record has several elements'),
  payload: z.base64(),
});

const deadLetter = keptLetter.extend({
  payload: z.object({
    kind: z.enum(['json', 'text', 'bytes']),
    text: z
      .string()
      .describe('Of bytes, a dump; of a record with several elements the refused ones'),
    sizeBytes: count.describe('Of the whole record'),
    elementsShown: count.optional().describe('How many of the refused elements the text has'),
  }),
  advice: z.string().describe('What a person can do about it'),
});

export const deadLettersReply = z.object({
  letters: z.array(deadLetter).describe('Newest first'),
  isTruncated: z.boolean(),
  reasons: z
    .array(z.object({ stage: z.string(), reason: z.string(), lettersCount: count }))
    .describe('How many letters have each, among those that were read'),
  unreadable: z
    .array(z.object({ file: z.string(), linesCount: count }))
    .describe('Lines that were torn or damaged, by file'),
});

export type DeadLetterView = Immutable<z.output<typeof deadLetter>>;
export type DeadLettersReply = Immutable<z.output<typeof deadLettersReply>>;
