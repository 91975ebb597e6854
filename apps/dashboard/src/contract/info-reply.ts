import { z } from 'zod';
import type { Immutable } from './immutable.ts';
import { timeMs } from './units.ts';

export const infoReply = z.object({
  version: z.string(),
  engine: z.string().describe('The store: `Timestream`, `PostgreSQL`, or `ClickHouse`'),
  examples: z
    .array(z.object({ title: z.string(), statement: z.string() }))
    .describe("Statements in the store's own SQL to start from"),
  nowMs: timeMs.describe('Server time, ms since the Unix epoch'),
  hasServices: z.boolean().describe('Whether services to monitor are configured'),
});

export type InfoReply = Immutable<z.output<typeof infoReply>>;
