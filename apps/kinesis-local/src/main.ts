import { runService } from '@highwater/service';
import { readFile } from 'node:fs/promises';
import { kinesisLocalConfig, kinesisLocalFlags } from './config.ts';
import { startKinesisLocal } from './start-kinesis-local.ts';

await runService(
  {
    name: 'kinesis-local',
    description: 'Serves the Kinesis Data Streams API on one machine.',
    config: kinesisLocalConfig,
    flags: kinesisLocalFlags,
    check: ({ HW_KINESIS_LOCAL_TLS_CERT: cert, HW_KINESIS_LOCAL_TLS_KEY: key }) =>
      (cert === undefined) === (key === undefined)
        ? []
        : ['HW_KINESIS_LOCAL_TLS_CERT and HW_KINESIS_LOCAL_TLS_KEY must be set together'],
  },
  async ({ config, log, clock, registry, health, signal }) => {
    const { HW_KINESIS_LOCAL_TLS_CERT: cert, HW_KINESIS_LOCAL_TLS_KEY: key } = config;
    await using server = await startKinesisLocal({
      host: config.HW_KINESIS_LOCAL_HOST,
      hostNames: config.HW_KINESIS_LOCAL_HOST_NAMES,
      port: config.HW_KINESIS_LOCAL_PORT,
      tls: cert && key ? { cert: await readText(cert), key: await readText(key) } : undefined,
      dataDirectory: config.HW_KINESIS_LOCAL_DATA_DIR,
      diskBytesMax: config.HW_KINESIS_LOCAL_DISK_BYTES_MAX,
      memoryBytesMax: config.HW_KINESIS_LOCAL_MEMORY_BYTES_MAX,
      enforcesLimits: config.HW_KINESIS_LOCAL_ENFORCE_LIMITS,
      hasAdmin: config.HW_KINESIS_LOCAL_ADMIN,
      transitionMs: config.HW_KINESIS_LOCAL_TRANSITION_MS,
      accountId: config.HW_KINESIS_LOCAL_ACCOUNT_ID,
      region: config.AWS_REGION,
      clock,
      log,
      registry,
    });
    log.info({ host: server.host, port: server.port }, 'Serving the Kinesis API.');
    health.ready();
    await aborted(signal);
  },
);

function readText(path: string): Promise<string> {
  return readFile(path, 'utf8');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
