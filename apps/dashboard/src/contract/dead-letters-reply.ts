import { z } from 'zod';
import type { Immutable } from './immutable.ts';
import { count } from './units.ts';

const refusedElements = z.object({
  refused: count.describe('Number of invalid elements of the record'),
  ranges: z
    .array(z.tuple([count, count]))
    .describe('Ranges of invalid elements, counted from 0, both ends included'),
  unlisted: count.optional().describe('Number of invalid elements outside these ranges'),
  reasons: z.record(z.string(), count).describe('Number of invalid elements per reason'),
});

/** A record that could not be used, as it is stored. */
export const keptLetter = z.object({
  time: z.string(),
  stage: z.string(),
  reason: z.string(),
  detail: z.string(),
  stream: z.string(),
  shardId: z.string(),
  sequenceNumber: z.string(),
  subSequenceNumber: count.optional().describe('Number of the record within a KPL aggregate'),
  arrivalTime: z.string(),
  elements: refusedElements.optional().describe('Present if the record has several elements'),
  payload: z.base64(),
});

const deadLetter = keptLetter.extend({
  payload: z.object({
    kind: z.enum(['json', 'text', 'bytes']),
    text: z
      .string()
      .describe(
        'Text of the record, a hex dump of binary data, or the invalid elements of a record with several elements',
      ),
    sizeBytes: count.describe('Size of the whole record'),
    elementsShown: count.optional().describe('Number of invalid elements in the text'),
  }),
  advice: z.string().describe('Cause and fix'),
});

export const deadLettersReply = z.object({
  letters: z.array(deadLetter).describe('Newest first'),
  isTruncated: z.boolean(),
  reasons: z
    .array(z.object({ stage: z.string(), reason: z.string(), lettersCount: count }))
    .describe('Number of dead letters per reason, among the letters that were read'),
  unreadable: z
    .array(z.object({ file: z.string(), linesCount: count }))
    .describe('Number of incomplete or damaged lines per file'),
});

export type DeadLetterView = Immutable<z.output<typeof deadLetter>>;
export type DeadLettersReply = Immutable<z.output<typeof deadLettersReply>>;
