import { z } from 'zod';
import { leaseConfig } from './lease-config.ts';

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
