import { timeUnits } from '@highwater/model';
import { z } from 'zod';
import { flag, percent, seconds, text, wholeNumber } from './kinds.ts';

/** Settings of the generator. */
export const generatorSettings = {
  HW_GENERATOR_HOST_SCALE: wholeNumber({ min: 1, max: 100 })
    .default(1)
    .describe(
      'Size of the simulated fleet. 1 means about 1,000 hosts and 1,200 processes, 2 means twice as many.',
    ),
  HW_GENERATOR_SERIES: wholeNumber({ min: 1 })
    .optional()
    .describe(
      'Number of series to send. If unset, the generator sends all series of the fleet: 26,000 at scale 1.',
    ),
  HW_GENERATOR_SEED: wholeNumber({ min: 0, max: 2 ** 32 - 1 })
    .default(12345)
    .describe(
      'Seed of the random numbers. The same seed gives the same fleet and the same values.',
    ),
  HW_GENERATOR_RATE: z.coerce
    .number()
    .positive()
    .optional()
    .describe(
      'Maximum number of points per second. If unset, the generator sends as fast as the stream accepts.',
    ),
  HW_GENERATOR_ROUNDS: wholeNumber({ min: 1 })
    .optional()
    .describe(
      'Number of rounds after which the generator stops. A round is one point of each series. If unset, it never stops.',
    ),
  HW_GENERATOR_SLEEP_TIME_SECONDS: seconds
    .default(0)
    .describe('Pause between two rounds, in seconds'),
  HW_GENERATOR_PERCENT_LATE: percent
    .default(0)
    .describe(
      'Percentage of rounds whose points are all late. With HW_GENERATOR_LATE_PER_POINT, percentage of points that are late.',
    ),
  HW_GENERATOR_LATE_TIME_SECONDS: seconds
    .default(0)
    .describe('How late a late point is, in seconds'),
  HW_GENERATOR_LATE_PER_POINT: flag
    .default(false)
    .describe(
      'Whether single points are late. Otherwise, all points of a round are late, or none.',
    ),
  HW_GENERATOR_TIME_UNIT: z
    .enum(timeUnits)
    .default('SECONDS')
    .describe('Unit of the times in the points'),
  HW_GENERATOR_RANDOM_PARTITION_KEYS: flag
    .default(false)
    .describe(
      'Whether each record gets a random partition key, so that the points of a series go to all shards. Otherwise, all points of a host go to one shard.',
    ),
  HW_GENERATOR_DUPLICATE_PERCENT: percent
    .default(0)
    .describe('Percentage of records that are sent twice'),
  HW_GENERATOR_FILE: text
    .optional()
    .describe(
      'Path of a file of points to send instead of the fleet, with one JSON object per line. The lines may be in any order: the points are sent in order of time. Use - to send the lines of standard input as they arrive.',
    ),
  HW_GENERATOR_SHIFT_TIMES: flag
    .default(false)
    .describe(
      'Whether to shift the times of a file so that its newest point has the current time. On standard input, the first point gets the current time.',
    ),
  HW_GENERATOR_OUT_OF_ORDERNESS_MS: wholeNumber({ min: 0 })
    .default(3_000)
    .describe(
      'How far a point of a file may be behind the newest point that was sent. If a point is further behind, the generator counts it as late and logs a warning. Use the value of HW_AGGREGATOR_OUT_OF_ORDERNESS_MS.',
    ),
};
