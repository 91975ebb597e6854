import { consumerConfig, kinesisConfig } from '@highwater/kinesis';
import { deadLetterSettings, settings, type Config } from '@highwater/settings';
import { readerConfig, storeConfig } from '@highwater/stores';

const {
  HW_PROMETHEUS_URL,
  HW_RAW_STREAM,
  HW_RESULTS_STREAM,
  HW_UPSERT_WRITER_CORRECTIONS_PER_SECOND_MAX,
  HW_VIEWS,
} = settings;

/** The settings of the services that name a resource. `doctor` reads each like its service. */
export const doctorConfig = {
  ...kinesisConfig,
  ...consumerConfig,
  ...storeConfig,
  ...readerConfig,
  ...deadLetterSettings,
  HW_RAW_STREAM,
  HW_RESULTS_STREAM,
  HW_VIEWS,
  HW_UPSERT_WRITER_CORRECTIONS_PER_SECOND_MAX,
  HW_PROMETHEUS_URL,
};

/** Where everything is, according to the settings. */
export type DoctorConfig = Config<typeof doctorConfig>;
