import { encodeAggregate, MemoryKinesis, SeededRandom, SimulatedClock } from '@highwater/testkit';
import { FaultPlan, withFaults } from '@highwater/testkit';
import { describe, expect, it } from 'vitest';
import type { ReadPosition } from '../src/api/read-position.ts';
import { named, nameOf, stream } from './fixtures.ts';
import {
  namesOf,
  openReader,
  readOnce,
  readUntil,
  shardId,
  type BenchOptions,
  type Delivered,
} from './reader-bench.ts';

// Goal: a processor need not know how its shard is read. Method: one suite for both ways.

const middle = (2n ** 127n).toString();
const numbered = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => `r${from + index}`);

const packed = (names: readonly string[]) => ({
  partitionKey: 'aggregate',
  data: encodeAggregate(names.map((name) => named(name))),
});

describe.each(['polling', 'fan-out'] as const)('reading by %s', (mode) => {
  async function opened(changes: Partial<BenchOptions> = {}) {
    const clock = new SimulatedClock();
    const kinesis = new MemoryKinesis(clock);
    await kinesis.create(stream, 1);
    const open = (more: Partial<BenchOptions> = {}) =>
      openReader({ mode, api: kinesis, clock, ...changes, ...more });
    const put = (names: readonly string[]) =>
      kinesis.putRecords(
        stream,
        names.map((name) => named(name)),
      );
    return { clock, kinesis, open, put };
  }

  it('returns existing and new records, in order, in batches', async () => {
    const { clock, open, put } = await opened();
    await put(numbered(25));
    await using reader = open();
    const reads = [...(await readUntil(reader, clock, (all) => namesOf(all).length >= 25))];
    await put(numbered(5, 25));
    reads.push(...(await readUntil(reader, clock, (all) => namesOf(all).length >= 5)));
    expect(namesOf(reads)).toEqual(numbered(30));
    expect(reads.at(-1)?.batch.behindLatestMs).toBe(0);
  });

  it('reports that an idle shard is at its tip', async () => {
    const { clock, open } = await opened();
    await using reader = open();
    const [first] = await readUntil(reader, clock, (all) => all.length > 0);
    expect(first).toMatchObject({ type: 'batch', batch: { records: [], behindLatestMs: 0 } });
  });

  it('resumes from any position that it has returned', async () => {
    const { clock, kinesis, open, put } = await opened();
    await put(numbered(4));
    await kinesis.putRecords(stream, [packed(numbered(7, 4)), packed(numbered(14, 11))]);
    await put(numbered(3, 25));
    let position: ReadPosition = { type: 'TRIM_HORIZON' };
    const names: string[] = [];
    while (names.length < 28) {
      // A new reader for every read, as after a crash at every checkpoint.
      await using reader = open({ position, batchRecordsMax: 3 });
      const [read] = await readUntil(reader, clock, (all) => all.length > 0);
      names.push(...namesOf(read ? [read] : []));
      position = read?.position ?? position;
      await clock.advance(5_000);
    }
    expect(names).toEqual(numbered(28));
  });

  it('ends a closed shard with its children, even when it is empty', async () => {
    for (const count of [0, 2, 25]) {
      const { clock, kinesis, open, put } = await opened();
      if (count > 0) await put(numbered(count));
      await kinesis.account.splitShard(stream, shardId, middle);
      await using reader = open();
      const reads = await readUntil(reader, clock, (all) => all.at(-1)?.type === 'shard_end');
      expect(namesOf(reads)).toEqual(numbered(count));
      const end = reads.at(-1);
      expect(end?.type === 'shard_end' && end.children.map((child) => child.shardId)).toEqual([
        'shardId-000000000001',
        'shardId-000000000002',
      ]);
    }
  });

  it('ends a shard that has expired, so that its children are read', async () => {
    const { clock, kinesis, open } = await opened();
    await kinesis.account.splitShard(stream, shardId, middle);
    await kinesis.account.splitShard(stream, 'shardId-000000000001', (2n ** 126n).toString());
    await clock.advance(25 * 3_600_000);
    expect((await kinesis.listShards(stream)).map((shard) => shard.shardId)).not.toContain(shardId);
    await using reader = open();
    const [end] = await readUntil(reader, clock, (all) => all.length > 0);
    expect(end?.type).toBe('shard_end');
    expect(end?.batch.records).toEqual([]);
  });

  // Goal: whatever happens to calls and subscriptions, each record is returned once, in order.
  // Method: faults of every kind while records arrive, some of them packed.
  it.each(numbered(10))('loses and repeats nothing under faults (%s)', async (seed) => {
    const { clock, kinesis, open, put } = await opened();
    const random = new SeededRandom(`${mode} ${seed}`);
    const plan = new FaultPlan(random.fork('faults'), {
      throttle: 0.1,
      fail: 0.05,
      loseReply: 0.05,
      cut: 0.05,
      duplicate: 0.1,
      expireIterator: 0.05,
      delay: 0.2,
      delayMsMax: 3_000,
      endSubscription: 0.1,
      stallSubscription: 0.05,
      cutSubscription: 0.1,
    });
    await using reader = open({ api: withFaults(kinesis, plan, clock) });
    const reads: Delivered[] = [];
    let count = 0;
    for (let step = 0; step < 40; step++) {
      const size = random.int(1, 12);
      const names = numbered(size, count);
      count += size;
      if (random.chance(0.3)) await kinesis.putRecords(stream, [packed(names)]);
      else await put(names);
      const read = await readOnce(reader, clock);
      if (read.type !== 'nothing') reads.push(read);
    }
    plan.heal();
    await kinesis.account.splitShard(stream, shardId, middle);
    reads.push(...(await readUntil(reader, clock, (all) => all.at(-1)?.type === 'shard_end')));
    expect(namesOf(reads)).toEqual(numbered(count));
  });

  it('unpacks an aggregate: the key and data of each record, with the arrival time and number of the whole', async () => {
    const { clock, kinesis, open } = await opened({ batchRecordsMax: 4 });
    await kinesis.putRecords(stream, [packed(numbered(10)), named('single')]);
    await using reader = open();
    const reads = await readUntil(reader, clock, (all) => namesOf(all).length >= 11);
    const records = reads.flatMap(({ batch }) => batch.records);
    expect(records.map(nameOf)).toEqual([...numbered(10), 'single']);
    expect(records.map(({ partitionKey }) => partitionKey)).toEqual([...numbered(10), 'single']);
    expect(records.map((record) => record.subSequenceNumber)).toEqual([
      ...Array.from({ length: 10 }, (_, index) => index),
      undefined,
    ]);
    expect(new Set(records.slice(0, 10).map((record) => record.sequenceNumber)).size).toBe(1);
    expect(new Set(records.map(({ arrivalTimeMs }) => arrivalTimeMs)).size).toBe(1);
    expect(reads.every(({ batch }) => batch.records.length <= 4)).toBe(true);
    // Within a read that is delivered in pieces, no piece is at the tip.
    expect(reads[0]?.batch.behindLatestMs).toBeGreaterThan(0);
  });

  it('delivers a record that only looks like an aggregate unchanged, and counts it', async () => {
    const { clock, kinesis, open } = await opened();
    const data = encodeAggregate([named('a')]);
    data[6] = 255 - (data[6] ?? 0);
    await kinesis.putRecords(stream, [{ partitionKey: 'k', data }]);
    await using reader = open();
    const [read] = await readUntil(reader, clock, (all) =>
      all.some((each) => each.batch.records.length > 0),
    );
    expect(read?.batch.records[0]?.data).toEqual(data);
    expect(read?.batch.records[0]?.subSequenceNumber).toBeUndefined();
  });

  it('holds nothing that it no longer reads', async () => {
    const { clock, kinesis, open, put } = await opened();
    await put(numbered(3));
    const reader = open();
    await readUntil(reader, clock, (all) => namesOf(all).length >= 3);
    await reader[Symbol.asyncDispose]();
    await clock.advance(1);
    expect(clock.sleepersCount).toBe(0);
    expect(kinesis.account.subscriptions.runningCount).toBe(0);
  });
});
