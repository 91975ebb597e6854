import { kinesisConfig } from '@highwater/kinesis';
import { settings, setupSettings } from '@highwater/settings';
import { timestreamConfig } from '@highwater/timestream';

const { HW_RAW_STREAM, HW_RESULTS_STREAM, HW_TIMESTREAM_CORRECTIONS_TABLE } = settings;

/** The streams and tables that are created before the services start. */
export const setupConfig = {
  ...kinesisConfig,
  ...timestreamConfig,
  HW_RAW_STREAM,
  HW_RESULTS_STREAM,
  HW_TIMESTREAM_CORRECTIONS_TABLE,
  ...setupSettings,
};
