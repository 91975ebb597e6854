import { z } from 'zod';
import type { Immutable } from './immutable.ts';
import { elapsedMs } from './units.ts';

export const queryReply = z.object({
  columns: z.array(
    z.object({
      name: z.string(),
      type: z.string().describe('Type as the store names it: `DOUBLE`, `ARRAY(BIGINT)`, …'),
    }),
  ),
  rows: z
    .array(z.array(z.string().nullable()))
    .describe('Each value is the text that the store sent'),
  isTruncated: z.boolean().describe('Whether the result has more rows than the limit'),
  elapsedMs,
  bytesScanned: z.number().min(0).optional().describe('Absent if the store does not tell'),
});

export type QueryReply = Immutable<z.output<typeof queryReply>>;
