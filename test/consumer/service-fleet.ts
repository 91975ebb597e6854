import { KinesisClient, MergeShardsCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { TimestreamQueryClient } from '@aws-sdk/client-timestream-query';
import {
  createProducer,
  createSdkKinesisApi,
  defineProducerMetrics,
  type Shard,
} from '@highwater/kinesis';
import type { OutgoingRecord } from '@highwater/model';
import { childEnvironment, systemClock } from '@highwater/service';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { silentLogger, type SeededRandom } from '@highwater/testkit';
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
import { expectedRows } from '../end-to-end/local-pipeline.ts';
import { timestreamRows } from '../end-to-end/stored-rows.ts';

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
  // A drain takes its time on a busy machine.
  HW_SHUTDOWN_TIMEOUT_MS: '120000',
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
  /** Shards that take records, in the order of their hash keys. */
  openShards(stream: string): Promise<readonly Shard[]>;
  isActive(stream: string): Promise<boolean>;
  split(stream: string, shard: Shard): Promise<void>;
  merge(stream: string, left: Shard, right: Shard): Promise<void>;
  /** Starts one more worker of a service. */
  start(service: 'aggregator' | 'upsert-writer'): ServiceWorker;
  /**
   * Puts points: late, twice, and any series in any shard.
   *
   * @returns how many records that were
   */
  feed(random: SeededRandom, count: number): Promise<number>;
  /** Puts records as they are. */
  put(records: readonly OutgoingRecord[]): Promise<void>;
  /** How many records a stream has, over all its shards. */
  recordsCount(stream: string): Promise<number>;
  /** The averages that the table must hold in the end, and those it holds. */
  expected(): Promise<ReadonlyMap<string, string>>;
  stored(): Promise<ReadonlyMap<string, string>>;
}

/** A line of a service's log. */
export interface LoggedLine {
  readonly atMs: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** One process of a service. */
export interface ServiceWorker {
  readonly service: 'aggregator' | 'upsert-writer';
  readonly exited: Promise<number | null>;
  /** What it wrote to its log, for a test that failed. */
  readonly output: () => string;
  /** Its log, by message. */
  logged(message: string): readonly LoggedLine[];
  /** What it exports now; empty before it serves and after its end. */
  metrics(): Promise<string>;
  kill(signal: NodeJS.Signals): void;
}

export async function startServiceFleet(
  shards: { readonly raw: number; readonly results: number },
  options: {
    /** Over those that make tests short. */
    readonly settings?: Readonly<Record<string, string>> | undefined;
    readonly views?: string | undefined;
  } = {},
): Promise<ServiceFleet> {
  const directory = await mkdtemp(join(tmpdir(), 'highwater-'));
  const views = join(directory, 'views.yaml');
  await writeFile(views, options.views ?? viewsFile);
  const kinesis = await startKinesisLocal({ port: 0, transitionMs: 10 });
  const dynamo = await startDynalite();
  const timestream = await startTimestreamLocal({ port: 0 });
  const api = createSdkKinesisApi({ region, endpoint: kinesis.url });
  const query = new TimestreamQueryClient({
    region,
    endpoint: timestream.endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const client = new KinesisClient({
    region,
    endpoint: kinesis.url,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: new NodeHttpHandler(),
  });
  await api.create(rawStream, shards.raw);
  await api.create(resultsStream, shards.results);
  const producer = createProducer({
    api,
    stream: rawStream,
    clock: systemClock,
    log: silentLogger,
    metrics: defineProducerMetrics(new Registry()),
    random: () => 0.5,
  });
  const { signal } = new AbortController();
  const children = new Set<ChildProcess>();
  const averages = (rows: ReadonlyMap<string, string>) =>
    new Map([...rows].filter(([key]) => key.startsWith('avg_')));

  return {
    async openShards(name) {
      const listed = await api.listShards(name);
      return listed
        .filter(({ endingSequenceNumber }) => endingSequenceNumber === undefined)
        .toSorted((a, b) => (BigInt(a.startingHashKey) < BigInt(b.startingHashKey) ? -1 : 1));
    },

    isActive: async (name) => (await api.describe(name)).status === 'ACTIVE',

    async split(StreamName, { shardId: ShardToSplit, startingHashKey, endingHashKey }) {
      const middle = (BigInt(startingHashKey) + BigInt(endingHashKey)) / 2n;
      const NewStartingHashKey = middle.toString();
      await client.send(new SplitShardCommand({ StreamName, ShardToSplit, NewStartingHashKey }));
    },

    async merge(StreamName, left, right) {
      const ShardToMerge = left.shardId;
      const AdjacentShardToMerge = right.shardId;
      await client.send(new MergeShardsCommand({ StreamName, ShardToMerge, AdjacentShardToMerge }));
    },

    start(service) {
      const main = new URL(`../../apps/${service}/src/main.ts`, import.meta.url);
      const child = spawn(process.execPath, [fileURLToPath(main)], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: childEnvironment({
          ...settings,
          ...options.settings,
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
        logged: (message) => loggedIn(output.join(''), message),
        metrics: () => metricsOf(output.join('')),
        kill: (name) => child.kill(name),
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
      await producer.put([...records, ...twice], signal);
      return records.length + twice.length;
    },

    async put(records) {
      await producer.put(records, signal);
    },

    async recordsCount(name) {
      const listed = await api.listShards(name);
      const read = await Promise.all(listed.map(({ shardId }) => readShard(api, name, shardId)));
      return read.reduce((sum, records) => sum + records.length, 0);
    },

    async expected() {
      const listed = await api.listShards(rawStream);
      const read = listed.map(async ({ shardId, parentShardIds }): Promise<ReferenceShard> => {
        const records = await readShard(api, rawStream, shardId);
        return { shardId, parentShardIds, records };
      });
      return averages(expectedRows(await Promise.all(read), view));
    },

    stored: async () => averages(await timestreamRows(query)),

    async [Symbol.asyncDispose]() {
      const ends = [...children].map((child) => once(child, 'exit'));
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(ends);
      api[Symbol.dispose]();
      client.destroy();
      query.destroy();
      await kinesis[Symbol.asyncDispose]();
      await dynamo[Symbol.asyncDispose]();
      await (timestream as Partial<AsyncDisposable>)[Symbol.asyncDispose]?.();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function loggedIn(output: string, message: string): readonly LoggedLine[] {
  return output
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.includes(`"msg":"${message}"`))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .map((fields) => ({ atMs: Date.parse(String(fields['time'])), fields }));
}

async function metricsOf(output: string): Promise<string> {
  const [serving] = loggedIn(output, 'Serving health and metrics.');
  if (!serving) return '';
  const { host, port } = serving.fields;
  try {
    return await (await fetch(`http://${String(host)}:${String(port)}/metrics`)).text();
  } catch {
    return '';
  }
}
