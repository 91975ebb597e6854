import { z } from 'zod';
import { flag, hostNames, port, text, wholeNumber } from './kinds.ts';

const mebibyte = 1024 * 1024;

/** Settings of the local Kinesis server. */
export const kinesisLocalSettings = {
  HW_KINESIS_LOCAL_HOST: text
    .default('127.0.0.1')
    .describe('Address on which the Kinesis API listens. Use 0.0.0.0 in a container.'),
  HW_KINESIS_LOCAL_HOST_NAMES: hostNames.describe(
    'Additional host names under which the Kinesis API can be reached. Requests for other host names are rejected, except for IP addresses, localhost, names without a dot, *.localhost, and *.internal.',
  ),
  HW_KINESIS_LOCAL_PORT: port
    .default(4567)
    .describe('Port of the Kinesis API. 0 picks a free port.'),
  HW_KINESIS_LOCAL_DATA_DIR: text
    .optional()
    .describe(
      'Directory for streams and records. It must be empty or belong to kinesis-local. If unset, everything is kept in memory.',
    ),
  HW_KINESIS_LOCAL_DISK_BYTES_MAX: wholeNumber({ min: mebibyte })
    .optional()
    .describe(
      'Maximum size of the records on disk. Beyond it, the oldest records are deleted before their retention ends, and a warning is logged. If unset, the size has no limit.',
    ),
  HW_KINESIS_LOCAL_MEMORY_BYTES_MAX: wholeNumber({ min: mebibyte })
    .default(1024 * mebibyte)
    .describe(
      'Maximum size of the records in memory. Beyond it, older records are kept only on disk and read from there, which is slower. Without a data directory, new records are rejected.',
    ),
  HW_KINESIS_LOCAL_ENFORCE_LIMITS: flag
    .default(false)
    .describe(
      'Whether the server enforces the limits of Kinesis on throughput and on calls per second',
    ),
  HW_KINESIS_LOCAL_ADMIN: flag
    .default(false)
    .describe(
      'Whether the port of the API also serves /_admin/, which injects faults, sets limits, and reshards',
    ),
  HW_KINESIS_LOCAL_TRANSITION_MS: wholeNumber({ min: 0, max: 600_000 })
    .default(0)
    .describe(
      'How long it takes to create, delete, or reshard a stream. With 0, an SDK that waits for the stream continues immediately. With a higher value, the SDK finds the stream in transition and checks again after 10 s.',
    ),
  HW_KINESIS_LOCAL_ACCOUNT_ID: z
    .string()
    .regex(/^\d{12}$/)
    .meta({ values: '12 digits' })
    .default('000000000000')
    .describe('AWS account ID that the server uses in ARNs'),
  HW_KINESIS_LOCAL_TLS_CERT: text
    .optional()
    .describe('Path of a TLS certificate (PEM). With it, the port serves both HTTP and HTTPS.'),
  HW_KINESIS_LOCAL_TLS_KEY: text
    .optional()
    .describe('Path of the private key of the TLS certificate (PEM)'),
};
