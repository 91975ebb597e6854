import { consumerConfig, kinesisConfig } from '@highwater/kinesis';
import { deadLetterSettings, settings } from '@highwater/settings';
import { storeConfig } from '@highwater/stores';

const { HW_MAX_FUTURE_SKEW_MS, HW_RAW_STREAM } = settings;

/** The raw-writer's settings. */
export const rawWriterConfig = {
  ...kinesisConfig,
  ...consumerConfig,
  ...storeConfig,
  ...deadLetterSettings,
  HW_MAX_FUTURE_SKEW_MS,
  HW_RAW_STREAM,
};
