import { kinesisConfig } from '@highwater/kinesis';
import { settings, setupSettings } from '@highwater/settings';
import { storeConfig } from '@highwater/stores';

const { HW_RAW_STREAM, HW_RESULTS_STREAM } = settings;

/** The streams and tables that are created before the services start. */
export const setupConfig = {
  ...kinesisConfig,
  ...storeConfig,
  HW_RAW_STREAM,
  HW_RESULTS_STREAM,
  ...setupSettings,
};
