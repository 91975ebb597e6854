import { z } from 'zod';
import type { Immutable } from './immutable.ts';
import { timeMs } from './units.ts';

export const infoReply = z.object({
  version: z.string(),
  database: z.string(),
  table: z.string(),
  correctionsTable: z.string(),
  nowMs: timeMs.describe('Server time, ms since the Unix epoch'),
  hasServices: z.boolean().describe('Whether services to monitor are configured'),
});

export type InfoReply = Immutable<z.output<typeof infoReply>>;
