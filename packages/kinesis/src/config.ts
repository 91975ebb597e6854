import { z } from 'zod';
import { replyBytesMax } from './reading/buffer-budget.ts';
import { leaseConfig } from './leases/lease-config.ts';

/** Where Kinesis is: what every service that talks to it needs. */
export const kinesisConfig = {
  AWS_REGION: z.string().min(1).default('us-east-1').describe('AWS region'),
  AWS_ENDPOINT_URL_KINESIS: z
    .url()
    .optional()
    .describe('Kinesis server to use instead of AWS, e.g. http://127.0.0.1:4567'),
};

/** How a service reads its stream. */
export const consumerConfig = {
  HW_KINESIS_START: z
    .union([z.enum(['TRIM_HORIZON', 'LATEST']), z.iso.datetime({ offset: true })])
    .default('TRIM_HORIZON')
    .describe('Where to start in a shard that was never read: TRIM_HORIZON, LATEST or an ISO time'),
  HW_KINESIS_BATCH_RECORDS_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(1_000)
    .describe('Records a read asks for at most; more block the event loop longer'),
  HW_KINESIS_READ_INTERVAL_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(200)
    .describe(
      'Shortest time between two reads of a shard, which allows five a second to all readers',
    ),
  HW_KINESIS_POLL_INTERVAL_MS: z.coerce
    .number()
    .int()
    .min(1)
    .default(1_000)
    .describe('Time to the next read after an empty one at the tip of a shard'),
  HW_KINESIS_READ: z
    .enum(['polling', 'fan-out'])
    .default('polling')
    .describe('How shards are read: fan-out has a throughput of its own, and a price of its own'),
  HW_KINESIS_CONSUMER_NAME: z
    .string()
    .regex(/^[\w.-]{1,128}$/)
    .optional()
    .describe('Consumer that fan-out registers with the stream; default highwater-<service>'),
  HW_KINESIS_FAN_OUT_STALL_MS: z.coerce
    .number()
    .int()
    .min(10_000)
    .default(35_000)
    .describe(
      'A subscription that is silent for this long is made again; idle ones send more often',
    ),
  HW_KINESIS_FOREIGN_RECORDS: z
    .enum(['keep', 'drop'])
    .default('keep')
    .describe(
      'Records in a KPL aggregate whose key belongs to another shard; drop when only the KPL produces',
    ),
  HW_KINESIS_BUFFER_BYTES_MAX: z.coerce
    .number()
    .int()
    .min(2 * replyBytesMax)
    .default(128 * 1024 * 1024)
    .describe('Record bytes that all shards of a worker hold together; a read takes up to 10 MiB'),
  HW_KINESIS_IDLE_AFTER_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(10_000)
    .describe('A shard that is caught up and quiet for this long is idle'),
  HW_KINESIS_CHECKPOINT_INTERVAL_MS: z.coerce
    .number()
    .int()
    .min(1)
    .default(10_000)
    .describe('Time between checkpoints of a shard; what came since is read again after a crash'),
  HW_KINESIS_SHARD_SYNC_INTERVAL_MS: z.coerce
    .number()
    .int()
    .min(1)
    .default(10_000)
    .describe('Time between two looks at the list of shards'),
  ...leaseConfig,
};
