import { z } from 'zod';
import type { Immutable } from './immutable.ts';

export const errorReply = z
  .object({
    error: z.object({
      code: z.string().describe('`HW_DASHBOARD_…`'),
      message: z.string().describe('What went wrong, for a person'),
      line: z.int().optional().describe('Where in the statement, from 1'),
      column: z.int().optional().describe('Where in the line, from 1'),
    }),
  })
  .describe('What went wrong');

export type ErrorReply = Immutable<z.output<typeof errorReply>>;
