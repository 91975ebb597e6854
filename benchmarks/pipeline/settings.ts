import type { ServiceSettings } from '../../apps/local/src/index.ts';

/**
 * Settings of a pipeline at its limit: readers that poll again immediately, and a generator whose
 * points are late in 5 % of the rounds.
 *
 * @param generator settings that override those, e.g. a rate; without one, it sends as fast as the
 * stream accepts
 */
export function atFullSpeed(generator: Readonly<Record<string, string>>): ServiceSettings {
  const reader = { HW_KINESIS_READ_INTERVAL_MS: '20', HW_KINESIS_BATCH_RECORDS_MAX: '2000' };
  return {
    generator: {
      HW_GENERATOR_PERCENT_LATE: '5',
      HW_GENERATOR_LATE_TIME_SECONDS: '15',
      ...generator,
    },
    'raw-writer': reader,
    aggregator: reader,
    'upsert-writer': reader,
  };
}
