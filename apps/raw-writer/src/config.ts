import { consumerConfig, kinesisConfig } from '@highwater/kinesis';
import { deadLetterSettings, settings } from '@highwater/settings';
import { timestreamConfig } from '@highwater/timestream';

const { HW_MAX_FUTURE_SKEW_MS, HW_RAW_STREAM } = settings;

/** The raw-writer's settings. */
export const rawWriterConfig = {
  ...kinesisConfig,
  ...consumerConfig,
  ...timestreamConfig,
  ...deadLetterSettings,
  HW_MAX_FUTURE_SKEW_MS,
  HW_RAW_STREAM,
};
