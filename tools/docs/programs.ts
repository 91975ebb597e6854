import { serviceSettings, type ConfigShape } from '@highwater/settings';
import { aggregatorConfig } from '../../apps/aggregator/src/config.ts';
import { copyConfig } from '../../apps/cli/src/copy/copy-config.ts';
import { doctorConfig } from '../../apps/cli/src/doctor/doctor-config.ts';
import { dashboardConfig } from '../../apps/dashboard/src/config.ts';
import { generatorConfig } from '../../apps/generator/src/config.ts';
import { kinesisLocalConfig } from '../../apps/kinesis-local/src/config.ts';
import { localConfig } from '../../apps/local/src/config.ts';
import { rawWriterConfig } from '../../apps/raw-writer/src/config.ts';
import { timestreamLocalConfig } from '../../apps/timestream-local/src/config.ts';
import { upsertWriterConfig } from '../../apps/upsert-writer/src/config.ts';
import { setupConfig } from '../../infra/setup/config.ts';

/** The services, and all settings that each one reads. */
export const services: Readonly<Record<string, ConfigShape>> = {
  'raw-writer': { ...rawWriterConfig, ...serviceSettings },
  aggregator: { ...aggregatorConfig, ...serviceSettings },
  'upsert-writer': { ...upsertWriterConfig, ...serviceSettings },
  dashboard: { ...dashboardConfig, ...serviceSettings },
  generator: { ...generatorConfig, ...serviceSettings },
  'kinesis-local': { ...kinesisLocalConfig, ...serviceSettings },
  'timestream-local': { ...timestreamLocalConfig, ...serviceSettings },
};

/** Every program, by the name that a person knows it by. */
export const programs: Readonly<Record<string, ConfigShape>> = {
  ...services,
  setup: setupConfig,
  doctor: doctorConfig,
  copy: copyConfig,
  'npm start': localConfig,
};
