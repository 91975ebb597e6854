import { createSdkKinesisApi, ensureStreams } from '@highwater/kinesis';
import { createLogger, createRegistry, runCommand, systemRandom } from '@highwater/service';
import { defineStoreMetrics } from '@highwater/store-kit';
import { openStore } from '@highwater/stores';
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
    for (const table of ['raw', 'views', 'corrections'] as const) {
      const ports = { clock, log, metrics, random: systemRandom, signal };
      await using _table = await openStore(config, table, ports);
      log.info({ engine: config.HW_STORE.engine, table }, 'The table is ready.');
    }
  },
);
