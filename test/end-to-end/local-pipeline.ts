import { createSdkKinesisApi } from '@highwater/kinesis';
import { decodeRecord, toNanoseconds } from '@highwater/model';
import { systemClock } from '@highwater/service';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalStack, type LocalStack } from '../../apps/local/src/index.ts';
import { readShard } from '../read-shard.ts';
import { referenceRows, type ReferenceShard, type ReferenceView } from '../reference-rows.ts';
import { openStackStore, type Engine } from './stack-store.ts';
import { identity } from './stored-rows.ts';

const region = 'us-east-1';
const rawStream = 'highwater-raw';
const view = { sizeMs: 4_000, allowedLatenessMs: 8_000, outOfOrdernessMs: 1_000 };

/** Seconds instead of minutes, so that windows fire, are corrected and become final within a test. */
const averages = `views:
  - name: seconds
    window: { tumbling: ${view.sizeMs / 1000}s }
    allowedLateness: ${view.allowedLatenessMs / 1000}s
    aggregates: [avg]
`;

const readerSettings = {
  HW_KINESIS_READ_INTERVAL_MS: '50',
  HW_KINESIS_POLL_INTERVAL_MS: '100',
  HW_KINESIS_IDLE_AFTER_MS: '2000',
  HW_KINESIS_CHECKPOINT_INTERVAL_MS: '1000',
};

/** The local stack in a directory of its own, with short windows. */
export interface LocalPipeline extends AsyncDisposable {
  readonly stack: LocalStack;
  /** The content of the raw stream. */
  rawShards(): Promise<readonly ReferenceShard[]>;
  /** Every row of the table, as `identity -> value`. */
  storedRows(): Promise<ReadonlyMap<string, string>>;
  /** A service's samples of one metric, by their labels. */
  metric(service: string, name: string): Promise<Record<string, number>>;
  /** Ends the server of the store as a crash would. */
  killStore(): Promise<void>;
  /** Starts it again at the same address, and waits until it answers. */
  restartStore(): Promise<void>;
}

/** What is unusual about a pipeline. */
export interface PipelineOptions {
  /** Settings of the generator; without them it is not started. */
  readonly generator?: Readonly<Record<string, string>>;
  /** How the three services read their streams. @default polling */
  readonly read?: 'polling' | 'fan-out';
  /** What is computed, as YAML. */
  readonly views?: string;
  /** @default timestream */
  readonly engine?: Engine;
}

/** Starts it, and waits until all of it is ready. */
export async function startPipeline({
  generator,
  read = 'polling',
  views = averages,
  engine = 'timestream',
}: PipelineOptions = {}): Promise<LocalPipeline> {
  const reader = { ...readerSettings, HW_KINESIS_READ: read };
  const directory = await mkdtemp(join(tmpdir(), 'highwater-'));
  const store = await openStackStore(engine);
  const viewsPath = join(directory, 'views.yaml');
  await writeFile(viewsPath, views);
  const stack = await startLocalStack({
    dataDirectory: join(directory, 'data'),
    store: store.choice,
    viewsFile: viewsPath,
    hasGenerator: generator !== undefined,
    settings: {
      'raw-writer': reader,
      'upsert-writer': reader,
      aggregator: { ...reader, HW_AGGREGATOR_OUT_OF_ORDERNESS_MS: String(view.outOfOrdernessMs) },
      ...(generator ? { generator } : {}),
    },
  });
  const kinesis = createSdkKinesisApi({ region, endpoint: stack.kinesisUrl });
  return {
    stack,
    async rawShards() {
      const shards = await kinesis.listShards(rawStream);
      return Promise.all(
        shards.map(async ({ shardId, parentShardIds }) => ({
          shardId,
          parentShardIds,
          records: await readShard(kinesis, rawStream, shardId),
        })),
      );
    },
    storedRows: () => store.rows(stack),
    async metric(service, name) {
      const text = await (await fetch(stack.metricsUrl(service))).text();
      return parseMetric(text, name);
    },
    killStore: () => store.kill(stack),
    restartStore: () => store.restart(stack),
    async [Symbol.asyncDispose]() {
      kinesis[Symbol.dispose]();
      await stack[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/**
 * Every row that the table must contain for the content of the raw stream: raw rows, and averages.
 */
export function expectedRows(
  shards: readonly ReferenceShard[],
  wanted: ReferenceView = view,
): ReadonlyMap<string, string> {
  const rows = new Map<string, { value: string; arrivalTimeMs: number }>();
  for (const { records } of shards) {
    for (const { data, arrivalTimeMs } of records) {
      for (const decoded of decodeRecord(data)) {
        if (!decoded.ok) continue;
        const { series, value, time, timeUnit } = decoded.point;
        const key = identity(series.measureName, series.dimensions, toNanoseconds(time, timeUnit));
        const known = rows.get(key);
        // A later arrival wins.
        if (known && known.arrivalTimeMs > arrivalTimeMs) continue;
        const isNumber = series.measureValueType === 'DOUBLE';
        rows.set(key, { value: isNumber ? String(Number(value)) : value, arrivalTimeMs });
      }
    }
  }
  const expected = new Map([...rows].map(([key, { value }]) => [key, value]));
  for (const [key, { average }] of referenceRows(shards, wanted))
    expected.set(`avg_${key}`, average);
  return new Map([...expected].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** How many of the expected rows are averages. */
export function averagesCount(expected: ReadonlyMap<string, string>): number {
  return [...expected.keys()].filter((key) => key.startsWith('avg_')).length;
}

/** Many times what a quiet machine needs, and less than a test may take. */
const untilMsMax = 180_000;

/**
 * Awaits a condition that other processes bring about.
 *
 * @throws when it does not hold within the time, with what was seen last
 */
export async function until<T>(
  look: () => Promise<T>,
  isIt: (seen: T) => boolean,
  timeoutMs = untilMsMax,
): Promise<T> {
  const deadlineMs = systemClock.monotonicMs() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (isIt(seen) || systemClock.monotonicMs() > deadlineMs) return seen;
    await systemClock.sleep(200);
  }
}

function parseMetric(text: string, name: string): Record<string, number> {
  const samples: Record<string, number> = {};
  for (const line of text.split('\n')) {
    const match = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (match?.[1] !== name) continue;
    const labels = [...(match[2] ?? '').matchAll(/="([^"]*)"/g)].map(([, value]) => value);
    samples[labels.join()] = Number(match[3]);
  }
  return samples;
}
