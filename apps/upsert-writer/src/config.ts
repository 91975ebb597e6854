import { consumerConfig, kinesisConfig } from '@highwater/kinesis';
import { deadLetterSettings, settings, upsertWriterSettings } from '@highwater/settings';
import { storeConfig } from '@highwater/stores';

const { HW_MAX_FUTURE_SKEW_MS, HW_RESULTS_STREAM, HW_VIEWS } = settings;

/** The upsert-writer's settings. */
export const upsertWriterConfig = {
  ...kinesisConfig,
  ...consumerConfig,
  ...storeConfig,
  ...deadLetterSettings,
  HW_MAX_FUTURE_SKEW_MS,
  HW_RESULTS_STREAM,
  HW_VIEWS,
  ...upsertWriterSettings,
};
