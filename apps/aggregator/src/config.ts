import { consumerConfig, kinesisConfig } from '@highwater/kinesis';
import { aggregatorSettings, deadLetterSettings, settings } from '@highwater/settings';

const { HW_MAX_FUTURE_SKEW_MS, HW_RAW_STREAM, HW_RESULTS_STREAM, HW_VIEWS } = settings;

/** The aggregator's settings. */
export const aggregatorConfig = {
  ...kinesisConfig,
  ...consumerConfig,
  ...deadLetterSettings,
  HW_MAX_FUTURE_SKEW_MS,
  HW_RAW_STREAM,
  HW_RESULTS_STREAM,
  HW_VIEWS,
  ...aggregatorSettings,
};
