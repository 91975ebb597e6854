import { z } from 'zod';

/** Where leases and snapshots are kept, and how workers share the shards. */
export const leaseConfig = {
  HW_LEASES: z
    .enum(['directory', 'dynamodb'])
    .default('directory')
    .describe('Where leases are: in HW_STATE_DIR for one worker, in DynamoDB for any number'),
  HW_LEASES_TABLE: z
    .string()
    .min(3)
    .max(255)
    .optional()
    .describe('Lease table, one a service and stream; default highwater-<service>-leases'),
  HW_LEASES_CREATE: z
    .stringbool()
    .default(true)
    .describe('Whether to make the lease table when it is not there'),
  HW_LEASES_DURATION_MS: z.coerce
    .number()
    .int()
    .min(1_000)
    .default(10_000)
    .describe('A worker that is silent for this long loses its shards; less tolerates less'),
  HW_LEASES_INTERVAL_MS: z.coerce
    .number()
    .int()
    .min(100)
    .default(1_000)
    .describe('Time between two looks at the leases; a released shard is taken after so long'),
  AWS_ENDPOINT_URL_DYNAMODB: z
    .url()
    .optional()
    .describe('DynamoDB server to use instead of AWS, e.g. http://127.0.0.1:8000'),
  HW_STATE_DIR: z
    .string()
    .min(1)
    .default('.highwater/state')
    .describe('Directory for leases, checkpoints and snapshots'),
  HW_STATE_S3_BUCKET: z
    .string()
    .min(3)
    .optional()
    .describe(
      'Bucket for snapshots, which workers on several machines need; replaces HW_STATE_DIR',
    ),
  HW_STATE_S3_PREFIX: z
    .string()
    .default('highwater/')
    .describe('What the keys of snapshots in the bucket start with'),
  AWS_ENDPOINT_URL_S3: z
    .url()
    .optional()
    .describe('S3 server to use instead of AWS, e.g. http://127.0.0.1:9000'),
  HW_RECOVER: z
    .enum(['refuse', 'replay'])
    .default('refuse')
    .describe('On a lost snapshot: refuse to start, or rebuild it by reading the shard again'),
};
