import { createSdkKinesisApi, ensureStreams } from '@highwater/kinesis';
import { createLogger, createRegistry, runCommand } from '@highwater/service';
import { defineStoreMetrics, openTimestreamStore } from '@highwater/timestream';
import { setupConfig } from './config.ts';

await runCommand(
  {
    name: 'setup',
    description: 'Makes the streams and the table that the services need, where they are missing.',
    config: setupConfig,
  },
  async ({ config, signal, clock }) => {
    const log = createLogger({ name: 'setup', level: 'info', clock });
    using api = createSdkKinesisApi({
      region: config.AWS_REGION,
      endpoint: config.AWS_ENDPOINT_URL_KINESIS,
    });
    const streams = [
      { name: config.HW_RAW_STREAM, shardsCount: config.HW_SETUP_RAW_SHARDS },
      { name: config.HW_RESULTS_STREAM, shardsCount: config.HW_SETUP_RESULTS_SHARDS },
    ];
    await ensureStreams(api, streams, { clock, log, signal });
    const metrics = defineStoreMetrics(createRegistry());
    await using _table = await openTimestreamStore(config, { clock, log, metrics, signal });
    log.info({ table: config.HW_TIMESTREAM_TABLE }, 'Table is there.');
  },
);
