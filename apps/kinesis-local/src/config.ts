import { hostNamesSetting } from '@highwater/service/front-door';
import { z } from 'zod';

/** The server's settings. */
export const kinesisLocalConfig = {
  HW_KINESIS_LOCAL_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('address of the API; 0.0.0.0 in a container'),
  HW_KINESIS_LOCAL_HOST_NAMES: hostNamesSetting('the API'),
  HW_KINESIS_LOCAL_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(4567)
    .describe('port of the API, 0 to 65535; 0 takes a free one'),
  HW_KINESIS_LOCAL_DATA_DIR: z
    .string()
    .optional()
    .describe(
      'directory that streams and records are kept in, empty or its own; unset keeps them in memory only',
    ),
  HW_KINESIS_LOCAL_DISK_BYTES_MAX: z.coerce
    .number()
    .int()
    .min(1024 * 1024)
    .optional()
    .describe(
      'records kept in files, bytes; beyond it the oldest go before their retention is over, with a warning; unset: no bound',
    ),
  HW_KINESIS_LOCAL_MEMORY_BYTES_MAX: z.coerce
    .number()
    .int()
    .min(1024 * 1024)
    .default(2 ** 30)
    .describe(
      'memory for records, bytes; beyond it puts are refused, or old records read from files',
    ),
  HW_KINESIS_LOCAL_ENFORCE_LIMITS: z
    .stringbool()
    .default(false)
    .describe("true keeps the service's limits on throughput and calls a second"),
  HW_KINESIS_LOCAL_ADMIN: z
    .stringbool()
    .default(false)
    .describe('true serves /_admin/ on the port of the API: faults, limits, resharding'),
  HW_KINESIS_LOCAL_TRANSITION_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(600_000)
    .default(0)
    .describe(
      "how long creating, deleting and each generation of a reshard take, ms; 0 means at once, above it an SDK's waiter asks again after 10 s",
    ),
  HW_KINESIS_LOCAL_ACCOUNT_ID: z
    .string()
    .regex(/^\d{12}$/)
    .default('000000000000')
    .describe('account in ARNs, twelve digits'),
  HW_KINESIS_LOCAL_TLS_CERT: z
    .string()
    .optional()
    .describe('file of a certificate (PEM): TLS is served too, on the same port'),
  HW_KINESIS_LOCAL_TLS_KEY: z.string().optional().describe('file of its key (PEM)'),
  AWS_REGION: z.string().default('us-east-1').describe('region in ARNs'),
};

/** The settings that have a short name on the command line. */
export const kinesisLocalFlags = {
  host: 'HW_KINESIS_LOCAL_HOST',
  port: 'HW_KINESIS_LOCAL_PORT',
  data: 'HW_KINESIS_LOCAL_DATA_DIR',
  'enforce-limits': 'HW_KINESIS_LOCAL_ENFORCE_LIMITS',
  admin: 'HW_KINESIS_LOCAL_ADMIN',
  'tls-cert': 'HW_KINESIS_LOCAL_TLS_CERT',
  'tls-key': 'HW_KINESIS_LOCAL_TLS_KEY',
};
