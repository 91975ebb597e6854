export { aggregatorSettings } from './aggregator.ts';
export type { Config, ConfigShape } from './config.ts';
export { consumerSettings } from './consumer.ts';
export { copySettings } from './copy.ts';
export { dashboardSettings } from './dashboard.ts';
export { deadLetterSettings } from './dead-letters.ts';
export { describeSetting } from './describe-setting.ts';
export { generatorSettings } from './generator.ts';
export { isHostName } from './host-name.ts';
export { kinesisLocalSettings } from './kinesis-local.ts';
export { leaseSettings } from './leases.ts';
export { localStackSettings } from './local-stack.ts';
export { renamedSettings } from './renamed.ts';
export { serviceSettings } from './service.ts';
export { settingGroups, settings } from './settings.ts';
export { setupSettings } from './setup.ts';
export { timestreamLocalSettings } from './timestream-local.ts';
export {
  readStoreUrl,
  type ClickhouseAddress,
  type PostgresAddress,
  type StoreAddress,
  type TimestreamAddress,
} from './store-address.ts';
export { storeAddressSettings, storeSettings } from './store.ts';
export { upsertWriterSettings } from './upsert-writer.ts';
export { withDefault } from './with-default.ts';
