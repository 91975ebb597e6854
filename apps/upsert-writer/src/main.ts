import { consumeStream, createSdkKinesisApi } from '@highwater/kinesis';
import { FileDeadLetters, readYamlFile, runService, systemRandom } from '@highwater/service';
import { defineStoreMetrics } from '@highwater/store-kit';
import { openStore } from '@highwater/stores';
import { defaultViewsFile, parseViews } from '@highwater/windowing';
import { upsertWriterConfig } from './config.ts';
import { Corrections } from './corrections.ts';
import { defineUpsertWriterMetrics } from './metrics.ts';
import { openCorrectionsStore } from './open-corrections-store.ts';
import { UpsertProcessor } from './upsert-processor.ts';

await runService(
  {
    name: 'upsert-writer',
    description: 'Combines the results of all raw shards, and writes view rows to the store.',
    config: upsertWriterConfig,
  },
  async ({ config, registry, health, signal, log, clock }) => {
    const views = parseViews(
      config.HW_VIEWS === undefined ? defaultViewsFile : await readYamlFile(config.HW_VIEWS),
    );
    using api = createSdkKinesisApi({
      region: config.AWS_REGION,
      endpoint: config.AWS_ENDPOINT_URL_KINESIS,
    });
    await using deadLetters = await FileDeadLetters.open({
      directory: config.HW_DEAD_LETTERS_DIR,
      stage: 'upsert-writer',
      bytesMax: config.HW_DEAD_LETTERS_BYTES_MAX,
      registry,
      log,
      signal,
    });
    const storeMetrics = defineStoreMetrics(registry);
    await using store = await openStore(config, 'views', {
      clock,
      log,
      metrics: storeMetrics,
      random: systemRandom,
      signal,
    });
    const correctionsPerSecondMax = config.HW_UPSERT_WRITER_CORRECTIONS_PER_SECOND_MAX;
    await using correctionsStore =
      correctionsPerSecondMax > 0
        ? await openCorrectionsStore(config, { clock, log, random: systemRandom, signal })
        : undefined;
    // A batch in progress is finished after the stop signal. The service limits how long.
    const draining = new AbortController().signal;
    const metrics = defineUpsertWriterMetrics(registry);
    await consumeStream(
      {
        api,
        stream: config.HW_RESULTS_STREAM,
        service: 'upsert-writer',
        config,
        createProcessor: (shardId) =>
          new UpsertProcessor({
            shardId,
            stream: config.HW_RESULTS_STREAM,
            views,
            maxFutureSkewMs: config.HW_MAX_FUTURE_SKEW_MS,
            openRowsMax: config.HW_UPSERT_WRITER_OPEN_ROWS_MAX,
            fillAnchorsMax: config.HW_UPSERT_WRITER_FILL_ANCHORS_MAX,
            store,
            detectsConflicts: store.abilities.detectsConflicts,
            deadLetters,
            metrics,
            clock,
            log,
            corrections:
              correctionsStore &&
              new Corrections({
                store: correctionsStore,
                perSecondMax: correctionsPerSecondMax,
                metrics,
                clock,
                log,
              }),
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
