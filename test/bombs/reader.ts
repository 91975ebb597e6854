import { join } from 'node:path';
import type { DeadLetters, RowOutcome, ShardProcessor, Store } from '@highwater/model';
import { createLogger, deadLettersBytes, FileDeadLetters, systemClock } from '@highwater/service';
import { defaultViewsFile, parseViews } from '@highwater/windowing';
import { Registry } from 'prom-client';
import { AggregatorProcessor } from '../../apps/aggregator/src/aggregator-processor.ts';
import { defineAggregatorMetrics } from '../../apps/aggregator/src/metrics.ts';
import { defineRawWriterMetrics } from '../../apps/raw-writer/src/metrics.ts';
import { RawWriterProcessor } from '../../apps/raw-writer/src/raw-writer-processor.ts';
import { defineUpsertWriterMetrics } from '../../apps/upsert-writer/src/metrics.ts';
import { UpsertProcessor } from '../../apps/upsert-writer/src/upsert-processor.ts';
import { rawBombs, resultsBombs, type Bomb } from './bombs.ts';

// A separate process: puts bombs through the processor of one service, with its real file of dead
// letters, and prints the result of each as a line of JSON.
const [service = '', directory = ''] = process.argv.slice(2);
const log = createLogger({ name: 'test', level: 'silent', clock: systemClock });
const { signal } = new AbortController();
const views = parseViews(defaultViewsFile);
const store: Store = {
  write: async (rows) => rows.map((): RowOutcome => ({ status: 'written' })),
};

const bombs = service === 'upsert-writer' ? resultsBombs : rawBombs;
for (const [name, make] of Object.entries(bombs)) {
  process.stdout.write(`${JSON.stringify({ name, ...(await put(name, make())) })}\n`);
}

async function put(name: string, { records }: Bomb) {
  const registry = new Registry();
  const own = join(directory, name);
  await using deadLetters = await FileDeadLetters.open({
    directory: own,
    stage: service,
    bytesMax: 1024 * 1024 * 1024,
    registry,
    log,
  });
  const processor = createProcessor(registry, deadLetters);
  await processor.process({ stream: 'raw', shardId: 's', records, behindLatestMs: 0 });
  const points = service === 'upsert-writer' ? 'partials' : 'points';
  const metric = registry.getSingleMetric(`${service.replace('-', '_')}_${points}_total`);
  const counted = (await metric?.get())?.values ?? [];
  return {
    outcomes: Object.fromEntries(counted.map(({ labels, value }) => [labels['outcome'], value])),
    inBytes: records.reduce((sum, { data }) => sum + data.length, 0),
    outBytes: await deadLettersBytes(own, service),
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

function createProcessor(registry: Registry, deadLetters: DeadLetters): ShardProcessor {
  const context = { store, deadLetters, views, clock: systemClock, log, signal };
  switch (service) {
    case 'aggregator':
      return new AggregatorProcessor({
        ...context,
        shardId: 's',
        outOfOrdernessMs: 3_000,
        maxFutureSkewMs: 900_000,
        seriesMax: 300_000,
        windowsMax: 100_000,
        rowsMax: 10_000_000,
        putResults: async () => undefined,
        metrics: defineAggregatorMetrics(registry),
      });
    case 'raw-writer':
      return new RawWriterProcessor({
        ...context,
        maxFutureSkewMs: 900_000,
        metrics: defineRawWriterMetrics(registry),
      });
    default:
      return new UpsertProcessor({
        ...context,
        shardId: 's',
        stream: 'results',
        maxFutureSkewMs: 900_000,
        openRowsMax: 1_000,
        fillAnchorsMax: 1_000,
        metrics: defineUpsertWriterMetrics(registry),
      });
  }
}
