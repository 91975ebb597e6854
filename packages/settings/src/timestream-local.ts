import { z } from 'zod';
import { flag, hostNames, port, text, wholeNumber } from './kinds.ts';

const mebibyte = 1024 * 1024;

/** Settings of the local Timestream server. */
export const timestreamLocalSettings = {
  HW_TIMESTREAM_LOCAL_HOST: text
    .default('127.0.0.1')
    .describe('Address on which the Timestream API listens. Use 0.0.0.0 in a container.'),
  HW_TIMESTREAM_LOCAL_HOST_NAMES: hostNames.describe(
    'Additional host names under which the Timestream API can be reached. Requests for other host names are rejected, except for IP addresses, localhost, names without a dot, *.localhost, and *.internal.',
  ),
  HW_TIMESTREAM_LOCAL_PORT: port
    .default(8787)
    .describe('Port of the Timestream API. 0 picks a free port.'),
  HW_TIMESTREAM_LOCAL_DATA: text
    .optional()
    .describe(
      'Path of the file for all data. Two copies of it, which answer queries, are kept next to it. If unset, the data is kept in memory until the server stops, and the copies are in the temporary directory.',
    ),
  HW_TIMESTREAM_LOCAL_REGION: text
    .default('us-east-1')
    .describe('AWS region that the server uses in ARNs'),
  HW_TIMESTREAM_LOCAL_CLOCK: text
    .meta({ values: 'a point in time, or an interval with a sign' })
    .optional()
    .describe(
      'Time that the server takes as the current time, for retention and in queries. A time such as 2024-03-10T12:00:00Z stops the clock there. An interval such as -90d or +6h shifts the clock. If unset, the server uses the clock of the machine.',
    ),
  HW_TIMESTREAM_LOCAL_ACCESS_KEY: z
    .string()
    .regex(/^[^:]+(:.+)?$/)
    .meta({ values: 'an access key id, or id:secret' })
    .optional()
    .describe(
      'Access key with which requests must be signed. If unset, requests need no signature, and any signature is accepted.',
    ),
  HW_TIMESTREAM_LOCAL_TLS_CERT: text
    .optional()
    .describe('Path of a TLS certificate (PEM). With it, the port serves both HTTP and HTTPS.'),
  HW_TIMESTREAM_LOCAL_TLS_KEY: text
    .optional()
    .describe('Path of the private key of the TLS certificate (PEM)'),
  HW_TIMESTREAM_LOCAL_ADVERTISED_ADDRESS: text
    .optional()
    .describe(
      'Address that DescribeEndpoints returns. If unset, it returns the address that the client used.',
    ),
  HW_TIMESTREAM_LOCAL_BODY_BYTES_MAX: wholeNumber({ min: 1024, max: 1024 * mebibyte })
    .default(2 * mebibyte)
    .describe('Maximum size of a request. Larger requests get status 413.'),
  HW_TIMESTREAM_LOCAL_MEMORY_BYTES_MAX: wholeNumber({ min: 64 * mebibyte })
    .default(1024 * mebibyte)
    .describe(
      'Maximum memory for queries in each of the two query engines. Beyond it, queries spill to disk or fail. Without a data file, it also limits the memory for rows, and writes beyond it fail.',
    ),
  HW_TIMESTREAM_LOCAL_QUERY_TIME_LIMIT_MS: wholeNumber({ min: 1, max: 3_600_000 })
    .default(60_000)
    .describe(
      'How long the server may compute one page of a query result. If it takes longer, the query stops with an error.',
    ),
  HW_TIMESTREAM_LOCAL_STRICT: flag
    .default(false)
    .describe(
      'Whether to reject requests for which the documentation of Timestream does not say what happens',
    ),
};
