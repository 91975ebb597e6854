import { MemoryKinesis, SeededRandom, SimulatedClock } from '@highwater/testkit';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import {
  defineConsumerMetrics,
  KinesisError,
  type GetRecordsReply,
  type KinesisApi,
} from '../src/index.ts';
import { ShardReader, type ShardRead } from '../src/shard-reader.ts';
import { named, nameOf, scripted, silent, stream } from './fixtures.ts';

const shardId = 'shardId-000000000000';
const never = new AbortController().signal;

function readerOf(api: KinesisApi, clock: SimulatedClock, batchRecordsMax = 10) {
  const random = new SeededRandom('reader');
  return new ShardReader({
    api,
    stream,
    shardId,
    position: { type: 'TRIM_HORIZON' },
    clock,
    log: silent,
    metrics: defineConsumerMetrics(new Registry()),
    random: () => random.uniform(),
    batchRecordsMax,
    readIntervalMs: 200,
  });
}

async function reading(reader: ShardReader, clock: SimulatedClock): Promise<ShardRead> {
  const read = reader.read(never);
  let isDone = false;
  const done = read.finally(() => (isDone = true));
  done.catch(() => undefined);
  await clock.runUntil(() => isDone, 600_000);
  return done;
}

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

const namesOf = (reads: readonly ShardRead[]) =>
  reads.flatMap(({ batch }) => batch.records.map(nameOf));

describe('ShardReader', () => {
  it('passes an empty reply on as what it is: not the tip while there is more', async () => {
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
    // Five a second, no faster and no slower.
    expect(clock.monotonicMs() - startMs).toBe(19 * 200);
    expect(calls).toBe(20);
  });

  it('keeps five reads a second after errors, too', async () => {
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

  it('goes on after the last record it gave when an iterator has expired', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `r${index}`);
    const { clock, kinesis } = await filled(names);
    const reader = readerOf(kinesis, clock);
    const reads: ShardRead[] = [];
    while (namesOf(reads).length < names.length) {
      reads.push(await reading(reader, clock));
      // As long as a slow handler might take: the iterator is of no use any more.
      await clock.advance(301_000);
    }
    expect(namesOf(reads)).toEqual(names);
  });

  it('gives no record twice when a reply is repeated', async () => {
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
    const reads: ShardRead[] = [];
    for (let index = 0; index < 8; index++) reads.push(await reading(reader, clock));
    expect(namesOf(reads)).toEqual(names);
  });

  it('ends a closed shard with its children, also when it is empty', async () => {
    for (const names of [[], ['a', 'b']]) {
      const { clock, kinesis } = await filled(names);
      await kinesis.account.splitShard(stream, shardId, (2n ** 127n).toString());
      const reader = readerOf(kinesis, clock);
      const reads: ShardRead[] = [];
      do reads.push(await reading(reader, clock));
      while (reads.at(-1)?.type === 'batch');
      expect(namesOf(reads)).toEqual(names);
      const end = reads.at(-1);
      expect(end?.type === 'shard_end' && end.children).toHaveLength(2);
    }
  });

  it('finds the children in the list of shards when the last reply names none', async () => {
    const { clock, kinesis } = await filled(['a']);
    await kinesis.account.splitShard(stream, shardId, (2n ** 127n).toString());
    const api = scripted({
      getIterator: (request) => kinesis.getIterator(request),
      listShards: () => kinesis.listShards(stream),
      getRecords: async (request) => ({ ...(await kinesis.getRecords(request)), childShards: [] }),
    });
    const reader = readerOf(api, clock);
    const reads: ShardRead[] = [];
    do reads.push(await reading(reader, clock));
    while (reads.at(-1)?.type === 'batch');
    const end = reads.at(-1);
    expect(end?.type === 'shard_end' && end.children.map((child) => child.shardId)).toEqual([
      'shardId-000000000001',
      'shardId-000000000002',
    ]);
  });

  it('does not believe the end of a shard that is listed as open', async () => {
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

  it('does not try again what can never succeed', async () => {
    const clock = new SimulatedClock();
    const api = scripted({
      async getIterator() {
        throw new KinesisError('GetShardIterator', 'ResourceNotFoundException', 'no such shard');
      },
    });
    const reader = readerOf(api, clock);
    await expect(reader.read(never)).rejects.toThrow('ResourceNotFoundException');
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
