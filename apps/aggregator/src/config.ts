import { consumerConfig, kinesisConfig } from '@highwater/kinesis';
import { deadLettersConfig, pointsConfig } from '@highwater/service';
import { z } from 'zod';

/** The aggregator's settings. */
export const aggregatorConfig = {
  ...kinesisConfig,
  ...consumerConfig,
  ...deadLettersConfig,
  ...pointsConfig,
  HW_RAW_STREAM: z.string().min(1).default('highwater-raw').describe('Stream of points to read'),
  HW_RESULTS_STREAM: z
    .string()
    .min(1)
    .default('highwater-results')
    .describe('Stream that partials are put on; must spread records by their keys'),
  HW_VIEWS: z
    .string()
    .min(1)
    .optional()
    .describe('YAML file of views; without it, averages of five minutes'),
  HW_AGGREGATOR_SERIES_MAX: z.coerce
    .number()
    .int()
    .min(100)
    .default(300_000)
    .describe(
      'Series of a shard in open windows; points of further ones go to the dead letters, known series go on',
    ),
  HW_AGGREGATOR_WINDOWS_MAX: z.coerce
    .number()
    .int()
    .min(1_000)
    .default(20_000)
    .describe(
      'Open windows of a shard, over all views; points that would open further ones go to the dead letters',
    ),
  HW_AGGREGATOR_ROWS_MAX: z.coerce
    .number()
    .int()
    .min(1_000)
    .default(10_000_000)
    .describe(
      'Open rows of a shard, one a view, series and slice of time; points that would open further ones go to the dead letters',
    ),
  HW_AGGREGATOR_OUT_OF_ORDERNESS_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(3_000)
    .describe('How far a point may be behind the newest record of its shard and still be on time'),
};
