import { z } from 'zod';
import { flag, text, wholeNumber } from './kinds.ts';

/** Where leases and snapshots are kept, and how workers share the shards. */
export const leaseSettings = {
  HW_LEASES: z
    .enum(['directory', 'dynamodb'])
    .default('directory')
    .describe(
      'Where leases are stored. With directory, they are in HW_STATE_DIR, and a service can have one worker. With dynamodb, they are in a DynamoDB table, and a service can have any number of workers.',
    ),
  HW_LEASES_TABLE: z.string().min(3).max(255).optional().meta({
    description: 'DynamoDB table for leases. Use one table per service and stream.',
    computedDefault: 'highwater-<service>-leases',
  }),
  HW_LEASES_CREATE: flag
    .default(true)
    .describe(
      'Whether the service creates the lease table if it does not exist. If false, the service stops with an error instead.',
    ),
  HW_LEASES_DURATION_MS: wholeNumber({ min: 1_000 })
    .default(10_000)
    .describe(
      'How long a worker may fail to renew its leases before other workers take its shards. A lower value detects failures sooner but tolerates only shorter pauses.',
    ),
  HW_LEASES_INTERVAL_MS: wholeNumber({ min: 100 })
    .default(1_000)
    .describe(
      'Time between two reads of the leases. A lower value hands shards over sooner but makes more calls.',
    ),
  HW_STATE_DIR: text
    .default('.highwater/state')
    .describe(
      'Directory for leases, checkpoints, and snapshots, unless they are stored in DynamoDB or S3',
    ),
  HW_STATE_S3_BUCKET: z
    .string()
    .min(3)
    .optional()
    .describe(
      'S3 bucket for snapshots, used instead of HW_STATE_DIR. Workers on several machines need it.',
    ),
  HW_STATE_S3_PREFIX: text
    .default('highwater/')
    .describe('Prefix of the object keys of snapshots in HW_STATE_S3_BUCKET'),
  HW_RECOVER: z
    .enum(['refuse', 'replay'])
    .default('refuse')
    .describe(
      'What to do if the snapshot of a shard is missing or damaged: refuse to start the shard, or replay its records to rebuild the state. Use replay for one start only.',
    ),
};
