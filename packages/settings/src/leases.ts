import { z } from 'zod';
import { flag, text, wholeNumber } from './kinds.ts';

/** Where leases and snapshots are kept, and how workers share the shards. */
export const leaseSettings = {
  HW_LEASES: z
    .enum(['directory', 'dynamodb'])
    .default('directory')
    .describe(
      'Where leases are kept: in HW_STATE_DIR, for one worker, or in a DynamoDB table, for any number of workers',
    ),
  HW_LEASES_TABLE: z.string().min(3).max(255).optional().meta({
    description: 'DynamoDB table for leases. Use one table per service and stream.',
    computedDefault: 'highwater-<service>-leases',
  }),
  HW_LEASES_CREATE: flag
    .default(true)
    .describe('Whether the service creates the lease table if it does not exist'),
  HW_LEASES_DURATION_MS: wholeNumber({ min: 1_000 })
    .default(10_000)
    .describe(
      'How long a worker may be silent before it loses its shards. A lower value detects failures sooner but tolerates only shorter pauses.',
    ),
  HW_LEASES_INTERVAL_MS: wholeNumber({ min: 100 })
    .default(1_000)
    .describe(
      'Time between two reads of the leases. A lower value hands shards over sooner but makes more calls.',
    ),
  HW_STATE_DIR: text
    .default('.highwater/state')
    .describe('Directory for leases, checkpoints, and snapshots'),
  HW_STATE_S3_BUCKET: z
    .string()
    .min(3)
    .optional()
    .describe(
      'S3 bucket for snapshots, used instead of HW_STATE_DIR. Workers on several machines need it.',
    ),
  HW_STATE_S3_PREFIX: text
    .default('highwater/')
    .describe('Prefix of the keys of snapshots in the bucket'),
  HW_RECOVER: z
    .enum(['refuse', 'replay'])
    .default('refuse')
    .describe(
      'What to do if a snapshot is lost: refuse to start, or replay the shard to rebuild it',
    ),
};
