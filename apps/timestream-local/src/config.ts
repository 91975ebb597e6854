import { hostNamesSetting } from '@highwater/service/front-door';
import { z } from 'zod';
import { retentionClock } from './retention-clock.ts';

/** The server's settings: environment variable name -> schema. */
export const timestreamLocalConfig = {
  HW_TIMESTREAM_LOCAL_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('address that the API listens on; 0.0.0.0 in a container'),
  HW_TIMESTREAM_LOCAL_HOST_NAMES: hostNamesSetting('the API'),
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
    .describe(
      'file that everything is kept in, with copies for queries next to it; unset keeps rows in memory, and the copies in the temporary directory',
    ),
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
  HW_TIMESTREAM_LOCAL_ACCESS_KEY: z
    .string()
    .regex(/^[^:]+(:.+)?$/, { error: 'neither an access key id nor id:secret' })
    .optional()
    .describe(
      'id or id:secret that requests must be signed with; unset takes unsigned ones and any signature',
    ),
  HW_TIMESTREAM_LOCAL_TLS_CERT: z
    .string()
    .optional()
    .describe('file of a certificate (PEM): TLS is served too, on the same port'),
  HW_TIMESTREAM_LOCAL_TLS_KEY: z.string().optional().describe('file of its key (PEM)'),
  HW_TIMESTREAM_LOCAL_ADVERTISED_ADDRESS: z
    .string()
    .optional()
    .describe(
      'address that DescribeEndpoints answers; unset is the one that the client used, as its SDK wants it',
    ),
  HW_TIMESTREAM_LOCAL_BODY_BYTES_MAX: z.coerce
    .number()
    .int()
    .min(1024)
    .max(2 ** 30)
    .default(2 * 2 ** 20)
    .describe('most bytes of a request; larger ones are answered with 413'),
  HW_TIMESTREAM_LOCAL_MEMORY_BYTES_MAX: z.coerce
    .number()
    .int()
    .min(64 * 2 ** 20)
    .default(2 ** 30)
    .describe(
      'memory of the queries of one engine, bytes, of two at most; beyond it they spill to disk or fail. Without a file also the memory of all rows: beyond it writes fail',
    ),
  HW_TIMESTREAM_LOCAL_QUERY_TIME_LIMIT_MS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3_600_000)
    .default(60_000)
    .describe(
      'how long a page of a query may take to compute, ms; then the query is stopped with an error',
    ),
  HW_TIMESTREAM_LOCAL_STRICT: z
    .stringbool()
    .default(false)
    .describe('true refuses every case that the documentation of the service leaves open'),
} as const;
