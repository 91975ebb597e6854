import { kinesisConfig } from '@highwater/kinesis';
import { timestreamConfig } from '@highwater/timestream';
import { z } from 'zod';

const shardsCount = z.coerce.number().int().min(1).max(500);

/** What is made before the services start, and where. */
export const setupConfig = {
  ...kinesisConfig,
  ...timestreamConfig,
  HW_RAW_STREAM: z.string().min(1).default('highwater-raw').describe('Stream of points'),
  HW_RESULTS_STREAM: z.string().min(1).default('highwater-results').describe('Stream of partials'),
  HW_TIMESTREAM_CORRECTIONS_TABLE: timestreamConfig.HW_TIMESTREAM_TABLE.unwrap()
    .default('corrections')
    .describe('Table that tells what late points changed, in the same database'),
  HW_SETUP_RAW_SHARDS: shardsCount
    .default(4)
    .describe('Shards of the stream of points, if it is created'),
  HW_SETUP_RESULTS_SHARDS: shardsCount
    .default(2)
    .describe('Shards of the stream of partials, if it is created'),
};
