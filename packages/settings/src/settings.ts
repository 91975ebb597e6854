import { aggregatorSettings } from './aggregator.ts';
import { awsSettings } from './aws.ts';
import { consumerSettings } from './consumer.ts';
import { copySettings } from './copy.ts';
import { dashboardSettings } from './dashboard.ts';
import { deadLetterSettings } from './dead-letters.ts';
import { generatorSettings } from './generator.ts';
import { kinesisLocalSettings } from './kinesis-local.ts';
import { leaseSettings } from './leases.ts';
import { localStackSettings } from './local-stack.ts';
import { pipelineSettings } from './pipeline.ts';
import { serviceSettings } from './service.ts';
import { setupSettings } from './setup.ts';
import { streamSettings } from './streams.ts';
import { timestreamLocalSettings } from './timestream-local.ts';
import { storeAddressSettings, storeSettings } from './store.ts';
import { upsertWriterSettings } from './upsert-writer.ts';

/** Every setting of every program, each declared once. A program's configuration is a selection of them. */
export const settings = {
  ...awsSettings,
  ...streamSettings,
  ...pipelineSettings,
  ...serviceSettings,
  ...consumerSettings,
  ...leaseSettings,
  ...deadLetterSettings,
  ...storeAddressSettings,
  ...storeSettings,
  ...aggregatorSettings,
  ...upsertWriterSettings,
  ...dashboardSettings,
  ...generatorSettings,
  ...localStackSettings,
  ...setupSettings,
  ...copySettings,
  ...kinesisLocalSettings,
  ...timestreamLocalSettings,
};

/** The same settings by subject, in the order in which a person reads them. */
export const settingGroups = {
  AWS: awsSettings,
  Streams: streamSettings,
  'Views and points': pipelineSettings,
  'All services': serviceSettings,
  'Reading a stream': consumerSettings,
  'Leases and snapshots': leaseSettings,
  'Dead letters': deadLetterSettings,
  Store: storeAddressSettings,
  'Writing to the store': storeSettings,
  Aggregator: aggregatorSettings,
  'Upsert-writer': upsertWriterSettings,
  Dashboard: dashboardSettings,
  Generator: generatorSettings,
  'Local stack': localStackSettings,
  Setup: setupSettings,
  'Copying a store': copySettings,
  'Kinesis-local': kinesisLocalSettings,
  'Timestream-local': timestreamLocalSettings,
} as const;
