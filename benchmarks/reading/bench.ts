import {
  createSdkKinesisApi,
  defineConsumerMetrics,
  DirectoryLeaseStore,
  DirectoryStateStore,
  runConsumer,
  type KinesisApi,
} from '@highwater/kinesis';
import type { Batch, ShardProcessor } from '@highwater/model';
import { systemClock, systemRandom } from '@highwater/service';
import { encodeAggregate, silentLogger } from '@highwater/testkit';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { startOurs } from '../kinesis-local/contestants.ts';

const stream = 'bench';
const region = 'us-east-1';
const shardsCount = 4;
const recordBytes = 400;
const backlogRecords = 100_000;
const packedRecords = 100;
const pacedPuts = 30;
const pauseMs = 50;

type Way = 'polling' | 'fan-out';

/** The results of one way to read. */
interface Findings {
  readonly recordsPerSecond: number;
  /** Sorted; of single records only. */
  readonly latenciesMs: readonly number[];
}

/**
 * The consumer as a service runs it, against kinesis-local in a process of its own: how fast it works
 * off what waits, and how long a record that is put takes to its processor.
 */
export async function run(): Promise<void> {
  const out = (text: string) => process.stdout.write(`${text}\n`);
  out(
    `${recordBytes}-byte records, ${shardsCount} shards, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}.\n`,
  );
  out('| | records/s of a backlog | put to process, median | 90 % |');
  out('|---|---|---|---|');
  for (const way of ['polling', 'fan-out'] as const) {
    for (const isPacked of [false, true]) {
      const { recordsPerSecond, latenciesMs } = await measure(way, isPacked);
      const name = `${way}${isPacked ? `, ${packedRecords} records packed in one` : ''}`;
      const rate = Math.round(recordsPerSecond).toLocaleString('en');
      out(`| ${name} | ${rate} | ${quantile(latenciesMs, 0.5)} | ${quantile(latenciesMs, 0.9)} |`);
    }
  }
}

function quantile(sorted: readonly number[], share: number): string {
  const ms = sorted[Math.floor(sorted.length * share)];
  return ms === undefined ? '' : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}

async function measure(way: Way, isPacked: boolean): Promise<Findings> {
  await using server = await startOurs();
  const directory = await mkdtemp(join(tmpdir(), 'highwater-reading-'));
  using api = createSdkKinesisApi({ region, endpoint: `http://127.0.0.1:${server.port}` });
  await api.create(stream, shardsCount);
  while ((await api.describe(stream)).status !== 'ACTIVE') await systemClock.sleep(10);
  const keys = await keysOfShards(api);
  const perPut = isPacked ? 5 * packedRecords : 500;
  for (let put = 0; put < backlogRecords / perPut; put++) {
    const key = keys[put % shardsCount] ?? '';
    await api.putRecords(stream, isPacked ? packed(key, 5) : singles(key, 500));
  }
  const reading = await startReading(api, { way, directory });
  const startMs = await reading.seen(1);
  const endMs = await reading.seen(backlogRecords);
  const latencies: number[] = [];
  const putsCount = isPacked ? 0 : pacedPuts;
  for (let put = 0; put < putsCount; put++) {
    // Not in step with the polls.
    await systemClock.sleep(pauseMs + (put % 7) * 30);
    const seen = reading.count();
    const putMs = performance.now();
    await api.putRecords(stream, singles(keys[put % shardsCount] ?? '', 1));
    latencies.push((await reading.seen(seen + 1)) - putMs);
  }
  await reading.stop();
  await rm(directory, { recursive: true });
  return {
    recordsPerSecond: (backlogRecords / (endMs - startMs)) * 1_000,
    latenciesMs: latencies.toSorted((a, b) => a - b),
  };
}

/** A consumer with a processor that only counts. */
async function startReading(
  api: KinesisApi,
  { way, directory }: { readonly way: Way; readonly directory: string },
) {
  let count = 0;
  let waiting: { readonly count: number; readonly resolve: (atMs: number) => void } | undefined;
  const stop = new AbortController();
  const process = async ({ records }: Batch) => {
    count += records.length;
    if (waiting && count >= waiting.count) waiting.resolve(performance.now());
  };
  const processor: ShardProcessor = {
    open: async () => undefined,
    process,
    tick: async () => undefined,
    snapshot: () => ({ state: new Uint8Array() }),
    committed: async () => undefined,
    close: async () => undefined,
  };
  const running = runConsumer(
    {
      api,
      stream,
      leases: await DirectoryLeaseStore.open(join(directory, 'leases')),
      states: new DirectoryStateStore(join(directory, 'states')),
      owner: 'bench',
      start: { type: 'TRIM_HORIZON' },
      timing: {
        batchRecordsMax: 1_000,
        readIntervalMs: 200,
        pollIntervalMs: 1_000,
        idleAfterMs: 10_000,
        checkpointIntervalMs: 10_000,
        shardSyncIntervalMs: 10_000,
      },
      read: way === 'fan-out' ? { consumerName: 'bench' } : {},
      createProcessor: () => processor,
      deadLetters: { put: async () => undefined },
      stage: 'bench',
      clock: systemClock,
      log: silentLogger,
      metrics: defineConsumerMetrics(new Registry()),
      random: systemRandom,
    },
    stop.signal,
  );
  return {
    count: () => count,
    /** Resolves when this many records were processed, with the time. */
    async seen(wanted: number): Promise<number> {
      if (count >= wanted) return performance.now();
      const { promise, resolve } = Promise.withResolvers<number>();
      waiting = { count: wanted, resolve };
      return Promise.race([promise, running.then(() => Number.NaN)]);
    },
    async stop(): Promise<void> {
      stop.abort(new Error('measured'));
      await running;
    },
  };
}

/** A hash key inside each shard. */
async function keysOfShards(api: KinesisApi): Promise<readonly string[]> {
  return (await api.listShards(stream)).map(({ startingHashKey }) => startingHashKey);
}

const data = Buffer.alloc(recordBytes, 'x');

function singles(explicitHashKey: string, count: number) {
  return Array.from({ length: count }, () => ({ partitionKey: 'k', explicitHashKey, data }));
}

function packed(explicitHashKey: string, count: number) {
  const one = encodeAggregate(singles(explicitHashKey, packedRecords));
  return Array.from({ length: count }, () => ({ partitionKey: 'k', explicitHashKey, data: one }));
}
