import { z } from 'zod';
import { wholeNumber } from './kinds.ts';

const mebibyte = 1024 * 1024;

/** How a service reads its stream. */
export const consumerSettings = {
  HW_KINESIS_START: z
    .union([z.enum(['TRIM_HORIZON', 'LATEST']), z.iso.datetime({ offset: true })])
    .default('TRIM_HORIZON')
    .describe(
      'Where to start in a shard that was never read: the oldest record (TRIM_HORIZON), the next one (LATEST), or a time',
    ),
  HW_KINESIS_BATCH_RECORDS_MAX: wholeNumber({ min: 1, max: 10_000 })
    .default(1_000)
    .describe(
      'Maximum number of records per read. A higher value needs fewer reads but blocks the event loop longer.',
    ),
  HW_KINESIS_READ_INTERVAL_MS: wholeNumber({ min: 0 })
    .default(200)
    .describe(
      'Minimum time between two reads of a shard. Kinesis allows five reads per second and shard for all readers together, and the services adapt if several poll one stream. A higher value leaves more of them to other readers.',
    ),
  HW_KINESIS_POLL_INTERVAL_MS: wholeNumber({ min: 1 })
    .default(1_000)
    .describe(
      'Time until the next read of a shard that had no new records. A lower value finds new records sooner but makes more calls.',
    ),
  HW_KINESIS_READ: z
    .enum(['polling', 'fan-out'])
    .default('polling')
    .describe(
      'How shards are read. With fan-out, the service has throughput of its own and gets records sooner, and AWS charges for it.',
    ),
  HW_KINESIS_CONSUMER_NAME: z
    .string()
    .regex(/^[\w.-]{1,128}$/)
    .meta({ values: '1 to 128 of a-z A-Z 0-9 _ . -' })
    .optional()
    .meta({
      description: 'Name under which the service registers with the stream for fan-out',
      computedDefault: 'highwater-<service>',
    }),
  HW_KINESIS_FAN_OUT_STALL_MS: wholeNumber({ min: 10_000 })
    .default(35_000)
    .describe(
      'How long a fan-out subscription may be silent before the service subscribes again. Kinesis sends something more often, even on a quiet shard.',
    ),
  HW_KINESIS_FOREIGN_RECORDS: z
    .enum(['keep', 'drop'])
    .default('keep')
    .describe(
      'What to do with a record in an aggregate of the Kinesis Producer Library (KPL) if its key belongs to another shard. Use drop only if the KPL is your only producer.',
    ),
  // The least is two replies of Kinesis, 10 MiB each.
  HW_KINESIS_BUFFER_BYTES_MAX: wholeNumber({ min: 20 * mebibyte })
    .default(128 * mebibyte)
    .describe(
      'Maximum size of the records that a worker holds for all its shards together. One read takes up to 10 MiB.',
    ),
  HW_KINESIS_IDLE_AFTER_MS: wholeNumber({ min: 0 })
    .default(10_000)
    .describe(
      'How long a shard must be caught up and quiet before it counts as idle. The windows of an idle shard close by the clock.',
    ),
  HW_KINESIS_CHECKPOINT_INTERVAL_MS: wholeNumber({ min: 1 })
    .default(10_000)
    .describe(
      'Time between two checkpoints of a shard. A lower value repeats less work after a crash but writes snapshots more often.',
    ),
  HW_KINESIS_SHARD_SYNC_INTERVAL_MS: wholeNumber({ min: 1 })
    .default(10_000)
    .describe(
      'Time between two listings of the shards of the stream. A lower value finds new shards sooner but makes more calls.',
    ),
};
