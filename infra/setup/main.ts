import { createSdkKinesisApi, ensureStreams } from '@highwater/kinesis';
import { createLogger, createRegistry, runCommand, systemRandom } from '@highwater/service';
import { defineStoreMetrics } from '@highwater/store-kit';
import { openTimestreamStore } from '@highwater/timestream';
import { setupConfig } from './config.ts';

await runCommand(
  {
    name: 'setup',
    description: 'Creates the streams and tables that the services need, unless they exist.',
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
    for (const table of [config.HW_TIMESTREAM_TABLE, config.HW_TIMESTREAM_CORRECTIONS_TABLE]) {
      const ports = { clock, log, metrics, random: systemRandom, signal };
      await using _table = await openTimestreamStore(
        { ...config, HW_TIMESTREAM_TABLE: table },
        ports,
      );
      log.info({ table }, 'The table is ready.');
    }
  },
);
