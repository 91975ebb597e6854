import type { GetRecordsReply, KinesisApi } from '@highwater/kinesis';
import { compareSequence, type OutgoingRecord, type ShardPosition } from '@highwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FaultPlan,
  MemoryKinesis,
  SeededRandom,
  SimulatedClock,
  withFaults,
} from '../src/index.ts';

const stream = 'points';
const record = (partitionKey: string, text: string): OutgoingRecord => ({
  partitionKey,
  data: Buffer.from(text),
});

async function started(shardsCount: number) {
  const clock = new SimulatedClock();
  const kinesis = new MemoryKinesis(clock);
  await kinesis.create(stream, shardsCount);
  return { clock, kinesis };
}

async function open(api: KinesisApi, shardId: string, position: ShardPosition) {
  return api.getIterator({ stream, shardId, position });
}

async function readShard(api: KinesisApi, shardId: string, limit = 3) {
  const replies: GetRecordsReply[] = [];
  let iterator: string | null = await open(api, shardId, { type: 'TRIM_HORIZON' });
  while (iterator !== null) {
    const reply: GetRecordsReply = await api.getRecords({ iterator, limit });
    replies.push(reply);
    iterator = reply.behindLatestMs === 0 ? null : reply.nextIterator;
  }
  return { records: replies.flatMap(({ records }) => records), last: replies.at(-1) };
}

const textOf = ({ data }: { data: Uint8Array }) => Buffer.from(data).toString();
const first = 'shardId-000000000000';

describe('MemoryKinesis', () => {
  it('returns each record once, in order, from the shard of its key', async () => {
    const anyKeys = fc.array(fc.string({ minLength: 1, maxLength: 8 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(anyKeys, fc.integer({ min: 1, max: 5 }), async (keys, shardsCount) => {
        const { kinesis } = await started(shardsCount);
        const puts = await kinesis.putRecords(
          stream,
          keys.map((key, i) => record(key, `${i}`)),
        );
        const seen: string[] = [];
        for (const { shardId } of await kinesis.listShards(stream)) {
          const { records } = await readShard(kinesis, shardId);
          const numbers = records.map(({ sequenceNumber }) => sequenceNumber);
          expect(numbers).toEqual(numbers.toSorted(compareSequence));
          expect(new Set(numbers).size).toBe(numbers.length);
          for (const read of records) {
            const put = puts[Number(textOf(read))];
            expect(put).toEqual({ ok: true, shardId, sequenceNumber: read.sequenceNumber });
            expect(read.partitionKey).toBe(keys[Number(textOf(read))]);
          }
          seen.push(...records.map(textOf));
        }
        expect(seen.toSorted()).toEqual(keys.map((_, i) => `${i}`).toSorted());
      }),
      { numRuns: 50 },
    );
  });

  it('numbers records with 56 digits', async () => {
    const { kinesis } = await started(1);
    const [put] = await kinesis.putRecords(stream, [record('a', 'x')]);
    expect(put?.ok && put.sequenceNumber).toMatch(/^[1-9]\d{55}$/);
  });

  it('puts an explicit hash key into its shard', async () => {
    const { kinesis } = await started(4);
    const puts = await kinesis.putRecords(stream, [
      { ...record('a', 'x'), explicitHashKey: '0' },
      { ...record('a', 'x'), explicitHashKey: (2n ** 128n - 1n).toString() },
    ]);
    expect(puts.map((put) => put.ok && put.shardId)).toEqual([first, 'shardId-000000000003']);
    await expect(
      kinesis.putRecords(stream, [{ ...record('a', 'x'), explicitHashKey: `${2n ** 128n}` }]),
    ).rejects.toMatchObject({ exception: 'InvalidArgumentException' });
  });

  it('starts at the requested position', async () => {
    const { clock, kinesis } = await started(1);
    const numbers: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      const [put] = await kinesis.putRecords(stream, [record('a', `${i}`)]);
      if (put?.ok) numbers.push(put.sequenceNumber);
      await clock.advance(1000);
    }
    const sequenceNumber = numbers[2] ?? '';
    const startMs = Date.UTC(2026, 0, 1);
    const positions: [ShardPosition, string][] = [
      [{ type: 'TRIM_HORIZON' }, '01234'],
      [{ type: 'LATEST' }, ''],
      [{ type: 'AT_SEQUENCE_NUMBER', sequenceNumber }, '234'],
      [{ type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber }, '34'],
      [{ type: 'AT_TIMESTAMP', timestampMs: startMs + 3000 }, '34'],
      [{ type: 'AT_TIMESTAMP', timestampMs: startMs + 3001 }, '4'],
      [{ type: 'AT_TIMESTAMP', timestampMs: 0 }, '01234'],
    ];
    for (const [position, expected] of positions) {
      const iterator = await open(kinesis, first, position);
      const { records } = await kinesis.getRecords({ iterator, limit: 100 });
      expect(records.map(textOf).join('')).toBe(expected);
    }
  });

  it('reports how far behind the next record is, and 0 only at the tip', async () => {
    const { clock, kinesis } = await started(1);
    await kinesis.putRecords(stream, [record('a', '0'), record('a', '1')]);
    const iterator = await open(kinesis, first, { type: 'TRIM_HORIZON' });
    expect((await kinesis.getRecords({ iterator, limit: 1 })).behindLatestMs).toBe(1);
    await clock.advance(5000);
    expect((await kinesis.getRecords({ iterator, limit: 1 })).behindLatestMs).toBe(5000);
    expect((await kinesis.getRecords({ iterator, limit: 2 })).behindLatestMs).toBe(0);
  });

  it('lets an iterator expire after five minutes', async () => {
    const { clock, kinesis } = await started(1);
    const iterator = await open(kinesis, first, { type: 'LATEST' });
    await clock.advance(300_000);
    const { nextIterator } = await kinesis.getRecords({ iterator, limit: 1 });
    await clock.advance(1);
    await expect(kinesis.getRecords({ iterator, limit: 1 })).rejects.toMatchObject({
      exception: 'ExpiredIteratorException',
    });
    expect(nextIterator).not.toBeNull();
    await expect(kinesis.getRecords({ iterator: 'bogus', limit: 1 })).rejects.toMatchObject({
      exception: 'InvalidArgumentException',
    });
  });

  it('forgets records older than the retention, and closed shards with them', async () => {
    const { clock, kinesis } = await started(2);
    await kinesis.putRecords(stream, [{ ...record('a', 'old'), explicitHashKey: '0' }]);
    await kinesis.account.mergeShards(stream, first, 'shardId-000000000001');
    await clock.advance(24 * 3_600_000 + 1001);
    const shards = await kinesis.listShards(stream);
    expect(shards.map(({ shardId }) => shardId)).toEqual(['shardId-000000000002']);
    expect(shards[0]?.parentShardIds).toEqual([first, 'shardId-000000000001']);
  });

  it('ends a closed shard with its children, even when it is empty', async () => {
    const { kinesis } = await started(1);
    await kinesis.account.splitShard(stream, first, '1000');
    const { last } = await readShard(kinesis, first);
    expect(last?.nextIterator).toBeNull();
    expect(last?.childShards).toMatchObject([
      { shardId: 'shardId-000000000001', parentShardIds: [first], endingHashKey: '999' },
      { shardId: 'shardId-000000000002', parentShardIds: [first], startingHashKey: '1000' },
    ]);
  });

  // Goal: whatever is resharded, open shards cover the hash keys exactly. Method: any targets.
  it('covers every hash key once on the way to any number of shards', async () => {
    const anyTargets = fc.array(fc.integer({ min: 1, max: 16 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(anyTargets, async (targets) => {
        const clock = new SimulatedClock();
        const kinesis = new MemoryKinesis(clock, { transitionMs: 1000 });
        await kinesis.create(stream, 4);
        await clock.advance(1000);
        const { account } = kinesis;
        for (const target of targets) {
          const current = account.stream(stream).openShards.length;
          if (target > current * 2 || target * 2 < current) continue;
          await account.updateShardCount(stream, target);
          while (account.stream(stream).status === 'UPDATING') {
            expectCover(account.stream(stream).openShards.map(({ range }) => range));
            await clock.advance(500);
          }
          expect(account.stream(stream).openShards).toHaveLength(target);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('goes through transient shards when the count changes unevenly', async () => {
    const { kinesis } = await started(2);
    await kinesis.account.updateShardCount(stream, 3);
    const closed = (await kinesis.listShards(stream)).filter((shard) => shard.endingSequenceNumber);
    expect(closed.length).toBeGreaterThan(2);
    expect((await kinesis.describe(stream)).openShardsCount).toBe(3);
  });
});

describe('withFaults', () => {
  it('throttles, fails, rejects entries, and loses replies, identically for the same seed', async () => {
    const { happenings, acceptedCount, stored } = await putDisturbed();
    expect(new Set(happenings)).toEqual(
      new Set([
        '0',
        '1',
        '2',
        'ProvisionedThroughputExceededException',
        'InternalFailure',
        'TimeoutError',
      ]),
    );
    // Lost replies: the records are stored, but the caller does not know.
    expect(stored).toBeGreaterThan(acceptedCount);
    expect(await putDisturbed()).toEqual({ happenings, acceptedCount, stored });
  });

  it('behaves like the plain API after healing', async () => {
    const { clock, kinesis } = await started(1);
    const plan = new FaultPlan(new SeededRandom(1), { throttle: 1 });
    const api = withFaults(kinesis, plan, clock);
    await expect(api.describe(stream)).rejects.toMatchObject({
      exception: 'LimitExceededException',
    });
    plan.heal();
    expect((await api.describe(stream)).status).toBe('ACTIVE');
  });
});

function expectCover(ranges: readonly { start: bigint; end: bigint }[]): void {
  let next = 0n;
  for (const { start, end } of ranges) {
    expect(start).toBe(next);
    next = end + 1n;
  }
  expect(next).toBe(2n ** 128n);
}

/** Puts records under deterministic faults, and returns what happened. */
async function putDisturbed() {
  const { clock, kinesis } = await started(1);
  const rates = { throttle: 0.1, fail: 0.1, loseReply: 0.1, partial: 0.3, duplicate: 0.3 };
  const api = withFaults(kinesis, new FaultPlan(new SeededRandom('faults'), rates), clock);
  const happenings: string[] = [];
  let acceptedCount = 0;
  for (let i = 0; i < 300; i += 1) {
    try {
      const puts = await api.putRecords(stream, [record('a', '0'), record('a', '1')]);
      const accepted = puts.filter(({ ok }) => ok).length;
      acceptedCount += accepted;
      happenings.push(`${accepted}`);
    } catch (error) {
      happenings.push((error as { exception: string }).exception);
    }
  }
  const stored = (await readShard(kinesis, first, 10_000)).records.length;
  return { happenings, acceptedCount, stored };
}
