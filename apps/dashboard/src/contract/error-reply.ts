import { z } from 'zod';
import type { Immutable } from './immutable.ts';

export const errorReply = z
  .object({
    error: z.object({
      code: z.string().describe('`HW_DASHBOARD_…`'),
      message: z.string().describe('Message for the user'),
      line: z.int().optional().describe('Line of the statement, from 1'),
      column: z.int().optional().describe('Column in the line, from 1'),
    }),
  })
  .describe('Error reply');

export type ErrorReply = Immutable<z.output<typeof errorReply>>;
