import { kinesisConfig } from '@highwater/kinesis';
import { timeUnits } from '@highwater/model';
import type { Config } from '@highwater/service';
import { z } from 'zod';
import { originalSeed } from './fleet.ts';

const percent = z.coerce.number().min(0).max(100).default(0);
const countFrom1 = z.coerce.number().int().min(1);

/** The generator's settings. */
export const generatorConfig = {
  ...kinesisConfig,
  HW_RAW_STREAM: z.string().min(1).default('highwater-raw').describe('Stream to put points on'),
  HW_GENERATOR_HOST_SCALE: countFrom1
    .max(100)
    .default(1)
    .describe('Size of the fleet: 1,000 hosts and 1,200 processes times this'),
  HW_GENERATOR_SERIES: countFrom1
    .optional()
    .describe('Keep only so many series of the fleet; at scale 1 it has 26,000'),
  HW_GENERATOR_SEED: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(originalSeed)
    .describe('Same seed, same fleet and same values'),
  HW_GENERATOR_RATE: z.coerce
    .number()
    .positive()
    .optional()
    .describe('Points per second at most; without it as fast as the stream takes them'),
  HW_GENERATOR_ROUNDS: countFrom1
    .optional()
    .describe('Stop after so many rounds (one point of every series); without it never'),
  HW_GENERATOR_SLEEP_TIME_SECONDS: z.coerce
    .number()
    .min(0)
    .default(0)
    .describe('Pause between two rounds'),
  HW_GENERATOR_PERCENT_LATE: percent.describe('Share of rounds whose points are late'),
  HW_GENERATOR_LATE_TIME_SECONDS: z.coerce
    .number()
    .min(0)
    .default(0)
    .describe('By how much late points are late'),
  HW_GENERATOR_LATE_PER_POINT: z
    .stringbool()
    .default(false)
    .describe('Draw lateness for every point by itself, not for a round as a whole'),
  HW_GENERATOR_TIME_UNIT: z
    .enum(timeUnits)
    .default('SECONDS')
    .describe(`Unit of the points' times: ${timeUnits.join(', ')}`),
  HW_GENERATOR_RANDOM_PARTITION_KEYS: z
    .stringbool()
    .default(false)
    .describe('Spread every series over all shards; otherwise a machine stays in one'),
  HW_GENERATOR_DUPLICATE_PERCENT: percent.describe('Share of records that are sent twice'),
  HW_GENERATOR_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Send the points of this file, one JSON object a line, in order of time whatever the order of its lines; - reads standard input, and sends it as it comes',
    ),
  HW_GENERATOR_SHIFT_TIMES: z
    .stringbool()
    .default(false)
    .describe(
      "Move a file's times so that its newest point is now (from standard input: its first)",
    ),
  HW_GENERATOR_OUT_OF_ORDERNESS_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(3_000)
    .describe(
      'How far behind the newest point sent a point of a file may be before it counts as late; what HW_AGGREGATOR_OUT_OF_ORDERNESS_MS is',
    ),
};

export type GeneratorConfig = Config<typeof generatorConfig>;

/** Flags as other names for the settings. */
export const generatorFlags = {
  stream: 'HW_RAW_STREAM',
  region: 'AWS_REGION',
  'host-scale': 'HW_GENERATOR_HOST_SCALE',
  series: 'HW_GENERATOR_SERIES',
  seed: 'HW_GENERATOR_SEED',
  rate: 'HW_GENERATOR_RATE',
  rounds: 'HW_GENERATOR_ROUNDS',
  'sleep-time': 'HW_GENERATOR_SLEEP_TIME_SECONDS',
  'percent-late': 'HW_GENERATOR_PERCENT_LATE',
  'late-time': 'HW_GENERATOR_LATE_TIME_SECONDS',
  'late-per-point': 'HW_GENERATOR_LATE_PER_POINT',
  'time-unit': 'HW_GENERATOR_TIME_UNIT',
  'random-partition-keys': 'HW_GENERATOR_RANDOM_PARTITION_KEYS',
  'duplicate-percent': 'HW_GENERATOR_DUPLICATE_PERCENT',
  file: 'HW_GENERATOR_FILE',
  'shift-times': 'HW_GENERATOR_SHIFT_TIMES',
  'out-of-orderness': 'HW_GENERATOR_OUT_OF_ORDERNESS_MS',
};

/** Settings that would be ignored in silence: a file brings its own points and times. */
export function checkGeneratorConfig(config: GeneratorConfig): readonly string[] {
  const problems: string[] = [];
  if (config.HW_GENERATOR_FILE === undefined) {
    if (config.HW_GENERATOR_SHIFT_TIMES) {
      problems.push('HW_GENERATOR_SHIFT_TIMES needs HW_GENERATOR_FILE');
    }
    return problems;
  }
  const ofTheFleet = [
    ['HW_GENERATOR_SERIES', config.HW_GENERATOR_SERIES !== undefined],
    ['HW_GENERATOR_ROUNDS', config.HW_GENERATOR_ROUNDS !== undefined],
    ['HW_GENERATOR_PERCENT_LATE', config.HW_GENERATOR_PERCENT_LATE > 0],
  ] as const;
  for (const [name, isSet] of ofTheFleet) {
    if (isSet) problems.push(`${name} is for the simulated fleet, not with HW_GENERATOR_FILE`);
  }
  return problems;
}
