import { z } from 'zod';

const name = z.string().regex(/^[a-zA-Z0-9_.-]{3,256}$/, 'must be 3 to 256 of a-z A-Z 0-9 _ . -');
const count = (max: number) => z.coerce.number().int().min(1).max(max);

/** The Timestream store's settings: environment variable name -> schema. */
export const timestreamConfig = {
  AWS_REGION: z.string().default('us-east-1').describe('AWS region.'),
  AWS_ENDPOINT_URL_TIMESTREAM_WRITE: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Timestream write endpoint; unset for AWS. With http:// any credentials do.'),
  HW_TIMESTREAM_DATABASE: name.default('highwater').describe('Database of the table.'),
  HW_TIMESTREAM_TABLE: name.default('metrics').describe('Table that rows are written to.'),
  HW_TIMESTREAM_CREATE: z
    .stringbool()
    .default(true)
    .describe('Create the database and the table when they are missing.'),
  HW_TIMESTREAM_MEMORY_HOURS: count(8766)
    .default(24)
    .describe('Memory store retention of a created table: older rows are refused.'),
  HW_TIMESTREAM_MAGNETIC_DAYS: count(73_000)
    .default(7)
    .describe('Magnetic store retention of a created table.'),
  HW_TIMESTREAM_MAGNETIC_WRITES: z
    .stringbool()
    .default(false)
    .describe('Let a created table take rows older than its memory store.'),
  HW_TIMESTREAM_REQUESTS_IN_FLIGHT_MAX: count(256)
    .default(8)
    .describe('WriteRecords requests (of up to 100 rows) under way at once, and so connections.'),
  HW_TIMESTREAM_REQUEST_TIMEOUT_MS: count(300_000)
    .default(20_000)
    .describe('How long one attempt of a request may take.'),
  HW_TIMESTREAM_GIVE_UP_AFTER_MS: count(86_400_000)
    .default(300_000)
    .describe('How long a request is retried before the service stops with an error.'),
} as const satisfies Readonly<Record<string, z.ZodType>>;

export type TimestreamConfig = z.output<z.ZodObject<typeof timestreamConfig>>;
