import { MemoryKinesis, SeededRandom, SimulatedClock } from '@highwater/testkit';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import {
  defineConsumerMetrics,
  KinesisError,
  type GetRecordsReply,
  type KinesisApi,
} from '../src/index.ts';
import type { ShardReader } from '../src/reading/shard-reader.ts';
import { named, scripted, stream } from './fixtures.ts';
import { namesOf, openReader, readOnce, shardId, type Delivered } from './reader-bench.ts';

const readerOf = (api: KinesisApi, clock: SimulatedClock, batchRecordsMax = 10) =>
  openReader({ mode: 'polling', api, clock, batchRecordsMax });

const reading = async (reader: ShardReader, clock: SimulatedClock) =>
  (await readOnce(reader, clock)) as Delivered;

const reply = (changes: Partial<GetRecordsReply>): GetRecordsReply => ({
  records: [],
  nextIterator: 'next',
  behindLatestMs: 0,
  childShards: [],
  ...changes,
});

async function filled(names: readonly string[]) {
  const clock = new SimulatedClock();
  const kinesis = new MemoryKinesis(clock);
  await kinesis.create(stream, 1);
  if (names.length > 0)
    await kinesis.putRecords(
      stream,
      names.map((name) => named(name)),
    );
  return { clock, kinesis };
}

describe('PollingReader', () => {
  it('does not treat an empty reply as the tip while there is more', async () => {
    const clock = new SimulatedClock();
    let calls = 0;
    const api = scripted({
      getIterator: async () => 'first',
      getRecords: async () => reply({ behindLatestMs: 5_000, nextIterator: `${(calls += 1)}` }),
    });
    const reader = readerOf(api, clock);
    const startMs = clock.monotonicMs();
    for (let index = 0; index < 20; index++) {
      const read = await reading(reader, clock);
      expect(read.type).toBe('batch');
      expect(read.batch.behindLatestMs).toBe(5_000);
    }
    // At most five a second, and only slightly fewer.
    const elapsedMs = clock.monotonicMs() - startMs;
    expect(elapsedMs).toBeGreaterThanOrEqual(19 * 200);
    expect(elapsedMs).toBeLessThan(19 * 240);
    expect(calls).toBe(20);
  });

  it('reads an idle shard once every poll interval', async () => {
    const { clock, kinesis } = await filled([]);
    const reader = readerOf(kinesis, clock);
    await reading(reader, clock);
    const startMs = clock.monotonicMs();
    for (let index = 0; index < 30; index++) await reading(reader, clock);
    expect(clock.monotonicMs() - startMs).toBe(30 * 1_000);
  });

  it('makes at most five reads a second after errors, too', async () => {
    const clock = new SimulatedClock();
    const times: number[] = [];
    let calls = 0;
    const api = scripted({
      getIterator: async () => 'first',
      async getRecords() {
        times.push(clock.monotonicMs());
        calls += 1;
        if (calls % 3 === 1) {
          throw new KinesisError('GetRecords', 'ProvisionedThroughputExceededException', 'slow');
        }
        if (calls % 3 === 2) throw new KinesisError('GetRecords', 'ECONNRESET', 'gone');
        return reply({});
      },
    });
    const reader = readerOf(api, clock);
    for (let index = 0; index < 30; index++) await reading(reader, clock);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(200);
    expect(times).toHaveLength(90);
  });

  // Goal: readers that do not know about each other share five reads a second. Method: three
  // readers that are far behind, on a server that enforces the limit.
  it('settles on a fair share of a shard that others read, with few throttles', async () => {
    const clock = new SimulatedClock();
    const kinesis = new MemoryKinesis(clock, { enforcesLimits: true });
    await kinesis.create(stream, 1);
    for (let second = 0; second < 10; second++) {
      await kinesis.putRecords(
        stream,
        Array.from({ length: 500 }, (_, i) => named(`${i}`)),
      );
      await clock.advance(1_000);
    }
    const stop = new AbortController();
    const registry = new Registry();
    const metrics = defineConsumerMetrics(registry);
    const counts = [0, 0, 0];
    const all = counts.map(async (_, index) => {
      const random = new SeededRandom(`reader ${index}`);
      const reader = openReader({
        mode: 'polling',
        api: kinesis,
        clock,
        batchRecordsMax: 1,
        metrics,
        random: () => random.uniform(),
      });
      while (!stop.signal.aborted) {
        await reader.read(stop.signal);
        counts[index] = (counts[index] ?? 0) + 1;
      }
    });
    await clock.advance(300_000);
    stop.abort(new Error('enough'));
    await Promise.allSettled(all);
    const total = counts.reduce((sum, count) => sum + count, 0);
    expect(total).toBeGreaterThan(0.75 * 5 * 300);
    expect(Math.min(...counts)).toBeGreaterThan((total / 3) * 0.75);
    const errors = await registry.getSingleMetric('highwater_errors_total')?.get();
    const throttles = errors?.values.reduce((sum, { value }) => sum + value, 0) ?? 0;
    expect(throttles).toBeLessThan(total * 0.25);
  });

  it('continues after the last record it returned when an iterator has expired', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `r${index}`);
    const { clock, kinesis } = await filled(names);
    const reader = readerOf(kinesis, clock);
    const reads: Delivered[] = [];
    while (namesOf(reads).length < names.length) {
      reads.push(await reading(reader, clock));
      // As long as a slow handler might take. The iterator is useless by then.
      await clock.advance(301_000);
    }
    expect(namesOf(reads)).toEqual(names);
  });

  it('returns no record twice when a reply is repeated', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const { clock, kinesis } = await filled(names);
    let calls = 0;
    const api = scripted({
      getIterator: (request) => kinesis.getIterator(request),
      async getRecords(request) {
        calls += 1;
        const read = await kinesis.getRecords(request);
        return calls % 2 === 1 ? { ...read, nextIterator: request.iterator } : read;
      },
    });
    const reader = readerOf(api, clock, 2);
    const reads: Delivered[] = [];
    for (let index = 0; index < 8; index++) reads.push(await reading(reader, clock));
    expect(namesOf(reads)).toEqual(names);
  });

  it('finds the children in the list of shards when the last reply names none', async () => {
    const { clock, kinesis } = await filled(['a']);
    await kinesis.account.splitShard(stream, shardId, (2n ** 127n).toString());
    let lists = 0;
    const api = scripted({
      getIterator: (request) => kinesis.getIterator(request),
      async listShards() {
        lists += 1;
        if (lists === 1) throw new KinesisError('ListShards', 'LimitExceededException', 'slow');
        return kinesis.listShards(stream);
      },
      getRecords: async (request) => ({ ...(await kinesis.getRecords(request)), childShards: [] }),
    });
    const reader = readerOf(api, clock);
    const reads: Delivered[] = [];
    do reads.push(await reading(reader, clock));
    while (reads.at(-1)?.type === 'batch');
    // Nothing is lost because of the rejected list.
    expect(namesOf(reads)).toEqual(['a']);
    const end = reads.at(-1);
    expect(end?.type === 'shard_end' && end.children.map((child) => child.shardId)).toEqual([
      'shardId-000000000001',
      'shardId-000000000002',
    ]);
  });

  it('does not trust the end of a shard that is listed as open', async () => {
    const { clock, kinesis } = await filled(['a', 'b', 'c']);
    let isLie = true;
    const api = scripted({
      getIterator: (request) => kinesis.getIterator(request),
      listShards: () => kinesis.listShards(stream),
      async getRecords(request) {
        const read = await kinesis.getRecords(request);
        if (!isLie) return read;
        isLie = false;
        return { ...read, nextIterator: null };
      },
    });
    const reader = readerOf(api, clock, 2);
    const reads = [await reading(reader, clock), await reading(reader, clock)];
    expect(reads.map(({ type }) => type)).toEqual(['batch', 'batch']);
    expect(namesOf(reads)).toEqual(['a', 'b', 'c']);
  });

  it('does not retry what can never succeed', async () => {
    const clock = new SimulatedClock();
    const api = scripted({
      async getIterator() {
        throw new KinesisError('GetShardIterator', 'AccessDeniedException', 'not yours');
      },
    });
    const reader = readerOf(api, clock);
    await expect(readOnce(reader, clock)).rejects.toThrow('AccessDeniedException');
  });

  it('ends with the reason of its signal while it waits', async () => {
    const { clock, kinesis } = await filled([]);
    const reader = readerOf(kinesis, clock);
    await reading(reader, clock);
    const abort = new AbortController();
    const outcome = reader.read(abort.signal).catch((error: unknown) => error);
    abort.abort(new Error('stopping'));
    expect(await outcome).toEqual(new Error('stopping'));
  });
});
