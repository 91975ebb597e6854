import {
  consumeStream,
  createProducer,
  createSdkKinesisApi,
  defineProducerMetrics,
} from '@highwater/kinesis';
import { FileDeadLetters, readYamlFile, runService, systemRandom } from '@highwater/service';
import { defaultViewsFile, parseViews } from '@highwater/windowing';
import { AggregatorProcessor } from './aggregator-processor.ts';
import { aggregatorConfig } from './config.ts';
import { defineAggregatorMetrics } from './metrics.ts';

await runService(
  {
    name: 'aggregator',
    description:
      'Computes the windows of raw points, and sends the results of each shard to the results stream.',
    config: aggregatorConfig,
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
      stage: 'aggregator',
      bytesMax: config.HW_DEAD_LETTERS_BYTES_MAX,
      registry,
      log,
      signal,
    });
    const producer = createProducer({
      api,
      stream: config.HW_RESULTS_STREAM,
      clock,
      log,
      metrics: defineProducerMetrics(registry),
      random: systemRandom,
    });
    // A batch in progress is finished after the stop signal. The service limits how long.
    const draining = new AbortController().signal;
    const metrics = defineAggregatorMetrics(registry);
    await consumeStream(
      {
        api,
        stream: config.HW_RAW_STREAM,
        service: 'aggregator',
        config,
        createProcessor: (shardId) =>
          new AggregatorProcessor({
            shardId,
            views,
            outOfOrdernessMs: config.HW_AGGREGATOR_OUT_OF_ORDERNESS_MS,
            maxFutureSkewMs: config.HW_MAX_FUTURE_SKEW_MS,
            seriesMax: config.HW_AGGREGATOR_SERIES_MAX,
            windowsMax: config.HW_AGGREGATOR_WINDOWS_MAX,
            rowsMax: config.HW_AGGREGATOR_ROWS_MAX,
            putResults: (records) => producer.put(records, draining),
            deadLetters,
            metrics,
            log,
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
