import { kinesisConfig } from '@highwater/kinesis';
import { generatorSettings, settings, type Config } from '@highwater/settings';

/** The generator's settings. */
export const generatorConfig = {
  ...kinesisConfig,
  HW_RAW_STREAM: settings.HW_RAW_STREAM,
  ...generatorSettings,
};

export type GeneratorConfig = Config<typeof generatorConfig>;

/** Flags as alternative names of the settings. */
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

/** Settings that would be ignored silently, because a file has its own points and times. */
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
    if (isSet)
      problems.push(
        `${name} applies only to the simulated fleet; unset it, or unset HW_GENERATOR_FILE`,
      );
  }
  return problems;
}
