import { consumeStream, createSdkKinesisApi } from '@highwater/kinesis';
import { FileDeadLetters, runService, systemRandom } from '@highwater/service';
import { defineStoreMetrics } from '@highwater/store-kit';
import { openStore } from '@highwater/stores';
import { rawWriterConfig } from './config.ts';
import { defineRawWriterMetrics } from './metrics.ts';
import { RawWriterProcessor } from './raw-writer-processor.ts';

await runService(
  {
    name: 'raw-writer',
    description: 'Writes raw points to the store as they arrive.',
    config: rawWriterConfig,
  },
  async ({ config, registry, health, signal, log, clock }) => {
    using api = createSdkKinesisApi({
      region: config.AWS_REGION,
      endpoint: config.AWS_ENDPOINT_URL_KINESIS,
    });
    await using deadLetters = await FileDeadLetters.open({
      directory: config.HW_DEAD_LETTERS_DIR,
      stage: 'raw-writer',
      bytesMax: config.HW_DEAD_LETTERS_BYTES_MAX,
      registry,
      log,
      signal,
    });
    const storeMetrics = defineStoreMetrics(registry);
    await using store = await openStore(config, 'raw', {
      clock,
      log,
      metrics: storeMetrics,
      random: systemRandom,
      signal,
    });
    // A batch in progress is finished after the stop signal. The service limits how long.
    const draining = new AbortController().signal;
    const metrics = defineRawWriterMetrics(registry);
    await consumeStream(
      {
        api,
        stream: config.HW_RAW_STREAM,
        service: 'raw-writer',
        config,
        createProcessor: () =>
          new RawWriterProcessor({
            store,
            maxFutureSkewMs: config.HW_MAX_FUTURE_SKEW_MS,
            deadLetters,
            metrics,
            clock,
            signal: draining,
          }),
        deadLetters,
        clock,
        log,
        registry,
        random: systemRandom,
        onReading: () => health.ready(),
      },
      signal,
    );
  },
);
