import { createProducer, createSdkKinesisApi, defineProducerMetrics } from '@highwater/kinesis';
import { runService, systemRandom, withTasks } from '@highwater/service';
import { checkGeneratorConfig, generatorConfig, generatorFlags } from './config.ts';
import { fileSlices } from './file-slices.ts';
import { fleetSlices } from './fleet-slices.ts';
import { defineGeneratorMetrics } from './metrics.ts';
import { Pace, sliceSize } from './pace.ts';
import { openPointsFile } from './points-file.ts';
import { reportProgress, sentSoFar } from './progress.ts';
import { sendSlices } from './send-slices.ts';
import { Tally } from './tally.ts';
import { waitForStream } from './wait-for-stream.ts';

await runService(
  {
    name: 'generator',
    description: 'Sends the points of a simulated fleet, or of a file, to the raw stream.',
    config: generatorConfig,
    flags: generatorFlags,
    check: checkGeneratorConfig,
  },
  async ({ config, registry, health, signal, log, clock }) => {
    using api = createSdkKinesisApi({
      region: config.AWS_REGION,
      endpoint: config.AWS_ENDPOINT_URL_KINESIS,
    });
    const stream = config.HW_RAW_STREAM;
    await waitForStream(api, stream, clock, signal);
    const path = config.HW_GENERATOR_FILE;
    const isOrdered = path !== undefined;
    const producer = createProducer({
      api,
      stream,
      clock,
      log,
      metrics: defineProducerMetrics(registry),
      random: systemRandom,
      // A slice of long lines takes several calls, which may overtake each other.
      ...(isOrdered ? { inFlightMax: 1 } : {}),
    });
    const tally = new Tally(defineGeneratorMetrics(registry));
    const rate = config.HW_GENERATOR_RATE ?? Infinity;
    const slicing = { config, clock, tally, log, sliceRecordsMax: sliceSize(rate) };
    await using file =
      path === undefined ? null : await openPointsFile(path, process.stdin, signal);
    health.ready();

    const sent = new AbortController();
    await withTasks(sent.signal, async (tasks) => {
      tasks.run((ended) => reportProgress({ tally, clock, log, terminal: process.stderr }, ended));
      const slices = file ? fileSlices(file, slicing) : fleetSlices(slicing, signal);
      await sendSlices(slices, { producer, pace: new Pace(clock, rate), tally, isOrdered }, signal);
      sent.abort();
    });
    log.info(sentSoFar(tally), 'Sending has ended.');
  },
);
