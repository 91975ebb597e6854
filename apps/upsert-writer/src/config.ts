import { consumerConfig, kinesisConfig } from '@highwater/kinesis';
import { deadLetterSettings, settings, upsertWriterSettings } from '@highwater/settings';
import { timestreamConfig } from '@highwater/timestream';

const { HW_MAX_FUTURE_SKEW_MS, HW_RESULTS_STREAM, HW_TIMESTREAM_CORRECTIONS_TABLE, HW_VIEWS } =
  settings;

/** The upsert-writer's settings. */
export const upsertWriterConfig = {
  ...kinesisConfig,
  ...consumerConfig,
  ...timestreamConfig,
  ...deadLetterSettings,
  HW_MAX_FUTURE_SKEW_MS,
  HW_RESULTS_STREAM,
  HW_VIEWS,
  HW_TIMESTREAM_CORRECTIONS_TABLE,
  ...upsertWriterSettings,
};
