import { z } from 'zod';
import { retentionClock } from './retention-clock.ts';

/** The server's settings: environment variable name -> schema. */
export const timestreamLocalConfig = {
  HW_TIMESTREAM_LOCAL_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('address that the API listens on; 0.0.0.0 in a container'),
  HW_TIMESTREAM_LOCAL_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(8787)
    .describe('port of the API, 0 to 65535; 0 takes a free one'),
  HW_TIMESTREAM_LOCAL_DATA: z
    .string()
    .optional()
    .describe('file that everything is kept in; unset keeps it in memory'),
  HW_TIMESTREAM_LOCAL_REGION: z.string().default('us-east-1').describe('AWS region that ARNs show'),
  HW_TIMESTREAM_LOCAL_CLOCK: z
    .string()
    .refine((text) => retentionClock(text, () => 0) !== undefined, {
      error: 'neither a point in time nor a signed interval',
    })
    .optional()
    .describe(
      'the "now" of retention and queries: 2024-03-10T12:00:00Z stands still there, -90d or +6h shifts; unset is the true time',
    ),
  HW_TIMESTREAM_LOCAL_STRICT: z
    .stringbool()
    .default(false)
    .describe('true refuses every case that the documentation of the service leaves open'),
} as const;
