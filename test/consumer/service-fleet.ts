import { TimestreamQueryClient } from '@aws-sdk/client-timestream-query';
import { createProducer, createSdkKinesisApi, defineProducerMetrics } from '@highwater/kinesis';
import type { Logger } from '@highwater/model';
import { childEnvironment, systemClock } from '@highwater/service';
import type { KinesisAccount, SeededRandom } from '@highwater/testkit';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Registry } from 'prom-client';
import { startKinesisLocal } from '../../apps/kinesis-local/src/index.ts';
import { startTimestreamLocal } from '../../apps/timestream-local/src/index.ts';
import { startDynalite } from '../../packages/kinesis/test/dynalite.ts';
import type { ReferenceShard } from '../reference-rows.ts';
import { readShard } from '../read-shard.ts';
import { expectedRows, storedRows } from '../end-to-end/local-pipeline.ts';

export const rawStream = 'highwater-raw';
export const resultsStream = 'highwater-results';
const region = 'us-east-1';

/** Short, so that a test sees windows fire, be corrected and be forgotten. */
const view = { sizeMs: 4_000, allowedLatenessMs: 8_000, outOfOrdernessMs: 1_000 };
const viewsFile = `views:
  - name: seconds
    window: { tumbling: ${view.sizeMs / 1000}s }
    allowedLateness: ${view.allowedLatenessMs / 1000}s
    aggregates: [avg]
`;

const settings = {
  HW_HTTP_PORT: '0',
  HW_LEASES: 'dynamodb',
  HW_LEASES_DURATION_MS: '4000',
  HW_LEASES_INTERVAL_MS: '500',
  HW_KINESIS_READ_INTERVAL_MS: '100',
  HW_KINESIS_POLL_INTERVAL_MS: '200',
  HW_KINESIS_IDLE_AFTER_MS: '2000',
  HW_KINESIS_CHECKPOINT_INTERVAL_MS: '1000',
  HW_KINESIS_SHARD_SYNC_INTERVAL_MS: '2000',
};

/** Several processes of each service over local servers in this process. */
export interface ServiceFleet extends AsyncDisposable {
  readonly account: KinesisAccount;
  /** Starts one more worker of a service. */
  start(service: 'aggregator' | 'upsert-writer'): ServiceWorker;
  /** Puts points: late, twice, and any series in any shard. */
  feed(random: SeededRandom, count: number): Promise<void>;
  /** The averages that the table must hold in the end, and those it holds. */
  expected(): Promise<ReadonlyMap<string, string>>;
  stored(): Promise<ReadonlyMap<string, string>>;
}

/** One process of a service. */
export interface ServiceWorker {
  readonly service: 'aggregator' | 'upsert-writer';
  readonly exited: Promise<number | null>;
  /** What it wrote to its log, for a test that failed. */
  readonly output: () => string;
  kill(signal: NodeJS.Signals): void;
}

export async function startServiceFleet(shards: {
  readonly raw: number;
  readonly results: number;
}): Promise<ServiceFleet> {
  const directory = await mkdtemp(join(tmpdir(), 'highwater-'));
  const views = join(directory, 'views.yaml');
  await writeFile(views, viewsFile);
  const kinesis = await startKinesisLocal({ port: 0, transitionMs: 10 });
  const dynamo = await startDynalite();
  const timestream = await startTimestreamLocal({ port: 0 });
  const api = createSdkKinesisApi({ region, endpoint: kinesis.url });
  const query = new TimestreamQueryClient({
    region,
    endpoint: timestream.endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await api.create(rawStream, shards.raw);
  await api.create(resultsStream, shards.results);
  const producer = createProducer({
    api,
    stream: rawStream,
    clock: systemClock,
    log: silent,
    metrics: defineProducerMetrics(new Registry()),
    random: () => 0.5,
  });
  const children = new Set<ChildProcess>();
  const averages = (rows: ReadonlyMap<string, string>) =>
    new Map([...rows].filter(([key]) => key.startsWith('avg_')));

  return {
    account: kinesis.account,

    start(service) {
      const main = new URL(`../../apps/${service}/src/main.ts`, import.meta.url);
      const child = spawn(process.execPath, [fileURLToPath(main)], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: childEnvironment({
          ...settings,
          NODE_COMPILE_CACHE: join(directory, 'compiled'),
          HW_VIEWS: views,
          HW_STATE_DIR: join(directory, 'state'),
          HW_DEAD_LETTERS_DIR: join(directory, `letters-${children.size}`),
          AWS_ENDPOINT_URL_KINESIS: kinesis.url,
          AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
          ...(service === 'aggregator'
            ? { HW_AGGREGATOR_OUT_OF_ORDERNESS_MS: String(view.outOfOrdernessMs) }
            : { AWS_ENDPOINT_URL_TIMESTREAM_WRITE: timestream.endpoint }),
        }),
      });
      children.add(child);
      const output: string[] = [];
      child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
      const exited = once(child, 'exit').then(([code]) => {
        children.delete(child);
        return code as number | null;
      });
      return {
        service,
        exited,
        output: () => output.join(''),
        kill: (signal) => child.kill(signal),
      };
    },

    async feed(random, count) {
      const records = Array.from({ length: count }, () => {
        const behindMs = random.chance(0.2) ? random.int(0, 7_000) : random.int(0, 900);
        const point = {
          MeasureName: 'm',
          MeasureValue: random.int(-100, 100),
          Time: systemClock.nowMs() - behindMs,
          series: `s${random.int(0, 9)}`,
        };
        const data = Buffer.from(JSON.stringify(point));
        return { partitionKey: `key-${random.int(0, 1_000_000)}`, data };
      });
      const twice = records.filter(() => random.chance(0.05));
      await producer.put([...records, ...twice], new AbortController().signal);
    },

    async expected() {
      const listed = await api.listShards(rawStream);
      const read = listed.map(async ({ shardId, parentShardIds }): Promise<ReferenceShard> => {
        const records = await readShard(api, rawStream, shardId);
        return { shardId, parentShardIds, records };
      });
      return averages(expectedRows(await Promise.all(read), view));
    },

    stored: async () => averages(await storedRows(query)),

    async [Symbol.asyncDispose]() {
      const ends = [...children].map((child) => once(child, 'exit'));
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(ends);
      api[Symbol.dispose]();
      query.destroy();
      await kinesis[Symbol.asyncDispose]();
      await dynamo[Symbol.asyncDispose]();
      await (timestream as Partial<AsyncDisposable>)[Symbol.asyncDispose]?.();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const nothing = () => undefined;
const silent: Logger = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};
