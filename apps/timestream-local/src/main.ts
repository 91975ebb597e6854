import { runService } from '@highwater/service';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { timestreamLocalConfig, timestreamLocalFlags } from './config.ts';
import { retentionClock } from './retention-clock.ts';
import { startTimestreamLocal } from './start-timestream-local.ts';

await runService(
  {
    name: 'timestream-local',
    description:
      'Serves the Write and Query API of Timestream for LiveAnalytics on one machine, on top of DuckDB.',
    config: timestreamLocalConfig,
    flags: timestreamLocalFlags,
    check: ({ HW_TIMESTREAM_LOCAL_TLS_CERT: cert, HW_TIMESTREAM_LOCAL_TLS_KEY: key }) =>
      (cert === undefined) === (key === undefined)
        ? []
        : ['HW_TIMESTREAM_LOCAL_TLS_CERT and HW_TIMESTREAM_LOCAL_TLS_KEY must be set together'],
  },
  async ({ config, registry, health, signal, log, clock }) => {
    const { HW_TIMESTREAM_LOCAL_TLS_CERT: cert, HW_TIMESTREAM_LOCAL_TLS_KEY: key } = config;
    await using server = await startTimestreamLocal({
      host: config.HW_TIMESTREAM_LOCAL_HOST,
      hostNames: config.HW_TIMESTREAM_LOCAL_HOST_NAMES,
      port: config.HW_TIMESTREAM_LOCAL_PORT,
      tls:
        cert && key
          ? { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') }
          : undefined,
      data: config.HW_TIMESTREAM_LOCAL_DATA,
      region: config.HW_TIMESTREAM_LOCAL_REGION,
      strict: config.HW_TIMESTREAM_LOCAL_STRICT,
      accessKey: config.HW_TIMESTREAM_LOCAL_ACCESS_KEY,
      advertisedAddress: config.HW_TIMESTREAM_LOCAL_ADVERTISED_ADDRESS,
      bodyBytesMax: config.HW_TIMESTREAM_LOCAL_BODY_BYTES_MAX,
      memoryBytesMax: config.HW_TIMESTREAM_LOCAL_MEMORY_BYTES_MAX,
      queryTimeLimitMs: config.HW_TIMESTREAM_LOCAL_QUERY_TIME_LIMIT_MS,
      retentionClock: retentionClock(config.HW_TIMESTREAM_LOCAL_CLOCK, () => clock.nowMs()),
      clock,
      log,
      registry,
    });
    log.info({ host: server.host, port: server.port }, 'Serving the Timestream API.');
    health.ready();
    if (!signal.aborted) await once(signal, 'abort');
  },
);
