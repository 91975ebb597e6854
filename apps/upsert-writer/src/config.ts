import { consumerConfig, kinesisConfig } from '@highwater/kinesis';
import { deadLettersConfig, pointsConfig } from '@highwater/service';
import { timestreamConfig } from '@highwater/timestream';
import { z } from 'zod';

/** The upsert writer's settings. */
export const upsertWriterConfig = {
  ...kinesisConfig,
  ...consumerConfig,
  ...timestreamConfig,
  ...deadLettersConfig,
  ...pointsConfig,
  HW_RESULTS_STREAM: z
    .string()
    .min(1)
    .default('highwater-results')
    .describe('Stream of partials to read'),
  HW_VIEWS: z
    .string()
    .min(1)
    .optional()
    .describe('YAML file of views, the same as the aggregator has'),
  HW_UPSERT_WRITER_OPEN_ROWS_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .default(1_000_000)
    .describe('Rows of a shard kept open; beyond it the oldest windows are forgotten'),
  HW_UPSERT_WRITER_FILL_ANCHORS_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .default(500_000)
    .describe('Series of a shard whose latest row is kept so that a gap after it can be filled'),
  HW_TIMESTREAM_CORRECTIONS_TABLE: timestreamConfig.HW_TIMESTREAM_TABLE.unwrap()
    .default('corrections')
    .describe('Table that tells what late points changed, in the same database'),
  HW_UPSERT_WRITER_CORRECTIONS_PER_SECOND_MAX: z.coerce
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(250)
    .describe(
      'Corrections published per second and shard, at most; 0 publishes none and needs no table',
    ),
};
