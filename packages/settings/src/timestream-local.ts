import { z } from 'zod';
import { flag, hostNames, port, text, wholeNumber } from './kinds.ts';

const mebibyte = 1024 * 1024;

/** Settings of the local Timestream server. */
export const timestreamLocalSettings = {
  HW_TIMESTREAM_LOCAL_HOST: text
    .default('127.0.0.1')
    .describe('Address of the Timestream API. Use 0.0.0.0 in a container.'),
  HW_TIMESTREAM_LOCAL_HOST_NAMES: hostNames.describe(
    'Further host names that the Timestream API answers to. It always answers to IP addresses, localhost, names without a dot, *.localhost, and *.internal.',
  ),
  HW_TIMESTREAM_LOCAL_PORT: port
    .default(8787)
    .describe('Port of the Timestream API. 0 picks a free port.'),
  HW_TIMESTREAM_LOCAL_DATA: text
    .optional()
    .describe(
      'File for all data. Copies for queries are kept next to it. If unset, rows are kept in memory, and the copies in the temporary directory.',
    ),
  HW_TIMESTREAM_LOCAL_REGION: text.default('us-east-1').describe('AWS region in ARNs'),
  HW_TIMESTREAM_LOCAL_CLOCK: text
    .meta({ values: 'a point in time, or an interval with a sign' })
    .optional()
    .describe(
      'The current time for retention and queries. A time such as 2024-03-10T12:00:00Z stops the clock there. An interval such as -90d or +6h shifts it. If unset, the clock is right.',
    ),
  HW_TIMESTREAM_LOCAL_ACCESS_KEY: z
    .string()
    .regex(/^[^:]+(:.+)?$/)
    .meta({ values: 'an access key id, or id:secret' })
    .optional()
    .describe(
      'Key that requests must be signed with. If unset, requests need no signature, and any signature is accepted.',
    ),
  HW_TIMESTREAM_LOCAL_TLS_CERT: text
    .optional()
    .describe('File of a TLS certificate (PEM). With it, the port serves both HTTP and HTTPS.'),
  HW_TIMESTREAM_LOCAL_TLS_KEY: text.optional().describe('File of the key of the certificate (PEM)'),
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
      'Memory for queries of each of the two engines. Beyond it, queries spill to disk or fail. Without a data file, it also limits the memory for rows, and writes beyond it fail.',
    ),
  HW_TIMESTREAM_LOCAL_QUERY_TIME_LIMIT_MS: wholeNumber({ min: 1, max: 3_600_000 })
    .default(60_000)
    .describe(
      'How long a page of a query may take to compute. After that, the query stops with an error.',
    ),
  HW_TIMESTREAM_LOCAL_STRICT: flag
    .default(false)
    .describe('Whether to refuse all cases that the documentation of Timestream leaves open'),
};
