import type { Clock } from '@highwater/model';
import { SeededRandom, silentLogger, type SimulatedClock } from '@highwater/testkit';
import { Registry } from 'prom-client';
import { BufferBudget } from '../src/reading/buffer-budget.ts';
import { FanOutConsumer } from '../src/reading/fan-out-consumer.ts';
import { defineConsumerMetrics, type KinesisApi } from '../src/index.ts';
import { openShardReader, type OpenShardReaderOptions } from '../src/reading/open-shard-reader.ts';
import type { ShardRead, ShardReader } from '../src/reading/shard-reader.ts';
import { nameOf, stream } from './fixtures.ts';

export const shardId = 'shardId-000000000000';

/** How a test reads a shard. Omitted settings are as in a service. */
export interface BenchOptions extends Partial<OpenShardReaderOptions> {
  readonly mode: 'polling' | 'fan-out';
  readonly api: KinesisApi;
  readonly clock: Clock;
  readonly registry?: Registry;
  readonly stallMs?: number;
  readonly takeOverMs?: number;
  readonly confirm?: (signal: AbortSignal) => Promise<void>;
}

/** A reader of the first shard, as the consumer opens it. */
export function openReader(options: BenchOptions): ShardReader {
  const { mode, api, clock, registry = new Registry(), stallMs = 35_000 } = options;
  const random = new SeededRandom('reader');
  const metrics = options.metrics ?? defineConsumerMetrics(registry);
  const log = silentLogger;
  const consumer = new FanOutConsumer({ api, stream, consumerName: 'reader', clock, log });
  const { takeOverMs, confirm = async () => undefined } = options;
  return openShardReader({
    stream,
    shardId,
    position: { type: 'TRIM_HORIZON' },
    log,
    metrics,
    budget: new BufferBudget({ bytesMax: 2 ** 27, metrics }),
    random: () => random.uniform(),
    batchRecordsMax: 10,
    readIntervalMs: 200,
    pollIntervalMs: 1_000,
    foreign: 'keep',
    findRange: async () => undefined,
    ...(mode === 'fan-out' ? { fanOut: { consumer, confirm, stallMs, takeOverMs } } : {}),
    ...options,
  });
}

const never = new AbortController().signal;

/** One read on simulated time. */
export async function readOnce(reader: ShardReader, clock: SimulatedClock): Promise<ShardRead> {
  const read = reader.read(never);
  let isDone = false;
  const done = read.finally(() => (isDone = true));
  done.catch(() => undefined);
  await clock.runUntil(() => isDone, 600_000);
  return done;
}

/** Reads until enough records were read. Reads without records are omitted. */
export async function readUntil(
  reader: ShardReader,
  clock: SimulatedClock,
  isEnough: (reads: readonly Delivered[]) => boolean,
): Promise<readonly Delivered[]> {
  const reads: Delivered[] = [];
  while (!isEnough(reads)) {
    const read = await readOnce(reader, clock);
    if (read.type !== 'nothing') reads.push(read);
  }
  return reads;
}

/** A read that contains information. */
export type Delivered = Exclude<ShardRead, { type: 'nothing' }>;

export function namesOf(reads: readonly Delivered[]): readonly string[] {
  return reads.flatMap(({ batch }) => batch.records.map(nameOf));
}
