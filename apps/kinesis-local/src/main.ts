import { runService } from '@highwater/service';
import { kinesisLocalConfig } from './config.ts';
import { startKinesisLocal } from './start-kinesis-local.ts';

await runService(
  {
    name: 'kinesis-local',
    description: 'Serves the Kinesis API on one machine.',
    config: kinesisLocalConfig,
  },
  async ({ config, log, clock, health, signal }) => {
    await using server = await startKinesisLocal({
      host: config.HW_KINESIS_LOCAL_HOST,
      port: config.HW_KINESIS_LOCAL_PORT,
      clock,
      log,
    });
    log.info({ host: server.host, port: server.port }, 'Serving the Kinesis API.');
    health.ready();
    await aborted(signal);
  },
);

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
