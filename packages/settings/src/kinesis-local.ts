import { z } from 'zod';
import { flag, hostNames, port, text, wholeNumber } from './kinds.ts';

const mebibyte = 1024 * 1024;

/** Settings of the local Kinesis server. */
export const kinesisLocalSettings = {
  HW_KINESIS_LOCAL_HOST: text
    .default('127.0.0.1')
    .describe('Address of the Kinesis API. Use 0.0.0.0 in a container.'),
  HW_KINESIS_LOCAL_HOST_NAMES: hostNames.describe(
    'Further host names that the Kinesis API answers to. It always answers to IP addresses, localhost, names without a dot, *.localhost, and *.internal.',
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
      'Maximum size of the records in memory. Beyond it, old records are read from disk. Without a data directory, puts are refused.',
    ),
  HW_KINESIS_LOCAL_ENFORCE_LIMITS: flag
    .default(false)
    .describe('Whether the limits of Kinesis on throughput and calls per second apply'),
  HW_KINESIS_LOCAL_ADMIN: flag
    .default(false)
    .describe(
      'Whether the port of the API also serves /_admin/, which injects faults, sets limits, and reshards',
    ),
  HW_KINESIS_LOCAL_TRANSITION_MS: wholeNumber({ min: 0, max: 600_000 })
    .default(0)
    .describe(
      'How long it takes to create, delete, or reshard a stream. With 0, an SDK that waits for the stream continues immediately. Otherwise, it checks again after 10 s.',
    ),
  HW_KINESIS_LOCAL_ACCOUNT_ID: z
    .string()
    .regex(/^\d{12}$/)
    .meta({ values: '12 digits' })
    .default('000000000000')
    .describe('AWS account in ARNs'),
  HW_KINESIS_LOCAL_TLS_CERT: text
    .optional()
    .describe('File of a TLS certificate (PEM). With it, the port serves both HTTP and HTTPS.'),
  HW_KINESIS_LOCAL_TLS_KEY: text.optional().describe('File of the key of the certificate (PEM)'),
};
