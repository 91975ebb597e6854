import { createSdkKinesisApi, type KinesisApi } from '@highwater/kinesis';
import { systemClock } from '@highwater/service';
import { encodeAggregate, SeededRandom } from '@highwater/testkit';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { startKinesisLocal, type KinesisLocal } from '../../apps/kinesis-local/src/index.ts';
import { named, nameOf, stream } from '../../packages/kinesis/test/fixtures.ts';
import {
  openReader,
  shardId,
  type BenchOptions,
} from '../../packages/kinesis/test/reader-bench.ts';
import type { ShardRead, ShardReader } from '../../packages/kinesis/src/reading/shard-reader.ts';
import { startKinesisMock } from '../kinesis-contract/subjects.ts';

// Goal: what holds for readers on simulated time holds through the SDK and real sockets. Method: one
// reader while records are put, connections are cut, subscriptions end, stall and break.

const never = new AbortController().signal;
const middle = (2n ** 127n).toString();
const region = 'us-east-1';

/** A reader that is as quick as its server, for tests in real time. */
const quick: Partial<BenchOptions> = {
  clock: systemClock,
  takeOverMs: 50,
  stallMs: 250,
  readIntervalMs: 5,
  pollIntervalMs: 10,
  batchRecordsMax: 50,
};

async function untilActive(api: KinesisApi): Promise<void> {
  while ((await api.describe(stream)).status !== 'ACTIVE') await systemClock.sleep(20);
}

/** Reads until so many names were given, or the shard ends. */
async function readNames(reader: ShardReader, count: number) {
  const names: string[] = [];
  let read: ShardRead = { type: 'nothing' };
  while (names.length < count && read.type !== 'shard_end') {
    read = await reader.read(never);
    if (read.type !== 'nothing') names.push(...read.batch.records.map(nameOf));
  }
  return { names, read };
}

/** Puts numbered records, some of them packed, until it is stopped. */
function produce({ account }: KinesisLocal, random: SeededRandom) {
  let count = 0;
  const stop = new AbortController();
  const done = (async () => {
    while (!stop.signal.aborted) {
      const names = Array.from({ length: random.int(1, 9) }, () => named(`${count++}`));
      const packed = { partitionKey: 'aggregate', data: encodeAggregate(names) };
      await account.putRecords(stream, random.chance(0.3) ? [packed] : names);
      await systemClock.sleep(random.int(0, 4));
    }
  })();
  return {
    stop: async () => {
      stop.abort();
      await done;
      return count;
    },
  };
}

/** One whose subscription lives on however long the machine takes for an event. */
const patient = { ...quick, stallMs: 3_600_000 };

const ways = [
  { mode: 'polling', over: 'http/1.1' },
  { mode: 'fan-out', over: 'http/1.1' },
  { mode: 'fan-out', over: 'http/2' },
] as const;

describe.each(ways)('reading kinesis-local by $mode over $over', ({ mode, over }) => {
  it('loses and repeats nothing while everything breaks, and ends with its shard', async () => {
    const subscriptionTimes = { lifeMs: 200, takeOverMs: 50, heartbeatMs: 20 };
    await using server = await startKinesisLocal({ port: 0, transitionMs: 0, subscriptionTimes });
    using api = createSdkKinesisApi({ region, endpoint: server.url, subscribeOver: over });
    await api.create(stream, 1);
    await untilActive(api);
    const reader = openReader({ mode, api, clock: systemClock, ...quick });
    const random = new SeededRandom(`${mode} ${over}`);
    const producer = produce(server, random);
    const names: string[] = [];
    const read = async (count: number) => names.push(...(await readNames(reader, count)).names);
    // Renewals alone, then faults of all kinds, then connections cut from outside.
    await read(1_000);
    server.faults.start({
      seed: 'sockets',
      operations: ['SubscribeToShard', 'GetRecords', 'GetShardIterator'],
      throttle: 0.02,
      cut: 0.05,
      loseReply: 0.05,
      duplicate: 0.1,
      expireIterator: 0.05,
      endSubscription: 0.05,
      cutSubscription: 0.1,
      stallSubscription: 0.03,
    });
    await read(1_000);
    server.faults.stop();
    for (let cut = 0; cut < 5; cut++) {
      server.cutConnections();
      await read(200);
    }
    const putCount = await producer.stop();
    await server.account.splitShard(stream, shardId, middle);
    const rest = await readNames(reader, Number.POSITIVE_INFINITY);
    names.push(...rest.names);
    expect(names).toEqual(Array.from({ length: putCount }, (_, index) => `${index}`));
    expect(rest.read.type === 'shard_end' && rest.read.children).toHaveLength(2);
    await reader[Symbol.asyncDispose]();
    while (server.account.subscriptions.runningCount > 0) await systemClock.sleep(5);
  });
});

describe.each(['http/1.1', 'http/2'] as const)('a subscription over %s', (over) => {
  it('is ended at the server when its reader stops in the middle', async () => {
    await using server = await startKinesisLocal({ port: 0, transitionMs: 0 });
    using api = createSdkKinesisApi({ region, endpoint: server.url, subscribeOver: over });
    await api.create(stream, 1);
    await untilActive(api);
    const reader = openReader({ mode: 'fan-out', api, clock: systemClock, ...patient });
    await server.account.putRecords(stream, [named('a')]);
    expect((await readNames(reader, 1)).names).toEqual(['a']);
    expect(server.account.subscriptions.runningCount).toBe(1);
    await reader[Symbol.asyncDispose]();
    while (server.account.subscriptions.runningCount > 0) await systemClock.sleep(5);
  });

  it('is not read ahead of its reader, however much there is', async () => {
    const registry = new Registry();
    await using server = await startKinesisLocal({ port: 0, transitionMs: 0, registry });
    using api = createSdkKinesisApi({ region, endpoint: server.url, subscribeOver: over });
    await api.create(stream, 1);
    await untilActive(api);
    const data = Buffer.alloc(500_000);
    for (let index = 0; index < 100; index++) {
      await server.account.putRecords(stream, [{ partitionKey: 'k', data }]);
    }
    await using reader = openReader({ mode: 'fan-out', api, clock: systemClock, ...patient });
    let count = 0;
    const readTo = async (enough: number) => {
      while (count < enough) {
        const read = await reader.read(never);
        if (read.type !== 'nothing') count += read.batch.records.length;
      }
    };
    await readTo(1);
    // Nobody asks for more: what is on the way of these 50 MB is some events of both ends, and what
    // the kernel keeps for two sockets, up to 10 MB.
    const sent = await stableCount(() => sentCount(registry));
    expect(sent).toBeLessThan(50);
    await readTo(100);
    expect(count).toBe(100);
  });
});

async function sentCount(registry: Registry): Promise<number> {
  const metric = await registry.getSingleMetric('kinesis_local_records_out_total')?.get();
  return metric?.values.find(({ labels }) => labels['way'] === 'subscription')?.value ?? 0;
}

/** What a figure stands still at. */
async function stableCount(look: () => Promise<number>): Promise<number> {
  let last = await look();
  for (let equal = 0; equal < 10;) {
    await systemClock.sleep(30);
    const next = await look();
    equal = next === last ? equal + 1 : 0;
    last = next;
  }
  return last;
}

describe.each(['polling', 'fan-out'] as const)('reading kinesis-mock by %s', (mode) => {
  it('returns records put before and after, and resumes where another reader was', async () => {
    await using server = await startKinesisMock();
    using api = createSdkKinesisApi({ region, endpoint: server.url });
    await api.create(stream, 1);
    await untilActive(api);
    const put = (from: number) =>
      api.putRecords(
        stream,
        Array.from({ length: 20 }, (_, index) => named(`${from + index}`)),
      );
    await put(0);
    const options = { mode, api, ...quick, clock: systemClock, stallMs: 5_000 };
    const first = openReader(options);
    const { names, read } = await readNames(first, 20);
    await first[Symbol.asyncDispose]();
    expect(names).toEqual(Array.from({ length: 20 }, (_, index) => `${index}`));
    await put(20);
    const position = read.type === 'nothing' ? undefined : read.position;
    await using second = openReader({ ...options, ...(position ? { position } : {}) });
    const rest = await readNames(second, 20);
    expect(rest.names).toEqual(Array.from({ length: 20 }, (_, index) => `${20 + index}`));
  });
});
