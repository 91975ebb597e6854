import { z } from 'zod';
import { wholeNumber } from './kinds.ts';

const mebibyte = 1024 * 1024;

/** How a service reads its stream. */
export const consumerSettings = {
  HW_KINESIS_START: z
    .union([z.enum(['TRIM_HORIZON', 'LATEST']), z.iso.datetime({ offset: true })])
    .default('TRIM_HORIZON')
    .describe(
      'Where to start in a shard that was never read: at its oldest record (TRIM_HORIZON), at the records that arrive from now on (LATEST), or at the records that arrived from a given time on',
    ),
  HW_KINESIS_BATCH_RECORDS_MAX: wholeNumber({ min: 1, max: 10_000 })
    .default(1_000)
    .describe(
      'Maximum number of records per read. A higher value needs fewer reads but blocks the event loop for longer.',
    ),
  HW_KINESIS_READ_INTERVAL_MS: wholeNumber({ min: 0 })
    .default(200)
    .describe(
      'Minimum time between two reads of a shard. Kinesis allows five reads per second and shard, for all readers together. A higher value leaves more reads to other readers, but a service that is behind catches up more slowly. A service that is throttled waits longer by itself.',
    ),
  HW_KINESIS_POLL_INTERVAL_MS: wholeNumber({ min: 1 })
    .default(1_000)
    .describe(
      'Time until the next read of a shard that is caught up and had no new records. A lower value finds new records sooner but makes more calls.',
    ),
  HW_KINESIS_READ: z
    .enum(['polling', 'fan-out'])
    .default('polling')
    .describe(
      'How shards are read. With polling, all services that read a stream share its throughput. With fan-out, the service has its own throughput and receives records sooner, but AWS charges extra.',
    ),
  HW_KINESIS_CONSUMER_NAME: z
    .string()
    .regex(/^[\w.-]{1,128}$/)
    .meta({ values: '1 to 128 of a-z A-Z 0-9 _ . -' })
    .optional()
    .meta({
      description:
        'Name under which the service registers with the stream for fan-out. Each service that reads the same stream needs its own name.',
      computedDefault: 'highwater-<service>',
    }),
  HW_KINESIS_FAN_OUT_STALL_MS: wholeNumber({ min: 10_000 })
    .default(35_000)
    .describe(
      'How long a fan-out subscription may be silent before the service subscribes again. Kinesis sends an event more often than that, even for a quiet shard. A lower value detects a dead connection sooner.',
    ),
  HW_KINESIS_FOREIGN_RECORDS: z
    .enum(['keep', 'drop'])
    .default('keep')
    .describe(
      'What to do with a record in an aggregate of the Kinesis Producer Library (KPL) if its partition key belongs to another shard. This occurs when a shard is split. Use drop only if the KPL is your only producer, because the KPL sends such records again.',
    ),
  // The least is two replies of Kinesis, 10 MiB each.
  HW_KINESIS_BUFFER_BYTES_MAX: wholeNumber({ min: 20 * mebibyte })
    .default(128 * mebibyte)
    .describe(
      'Maximum size of the records that a worker holds in memory, for all its shards together. One read takes up to 10 MiB. A higher value lets more shards be read at the same time but takes more memory.',
    ),
  HW_KINESIS_IDLE_AFTER_MS: wholeNumber({ min: 0 })
    .default(10_000)
    .describe(
      'How long a shard must be caught up and quiet before it counts as idle. The windows of an idle shard close by the clock. A lower value sends their results sooner, but points that arrive after a pause correct more of them.',
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
