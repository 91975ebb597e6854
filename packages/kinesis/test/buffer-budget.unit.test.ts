import fc from 'fast-check';
import { MemoryKinesis, SeededRandom, SimulatedClock } from '@highwater/testkit';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import {
  BufferBudget,
  replyBytesMax as replyMost,
  type BufferShare,
} from '../src/reading/buffer-budget.ts';
import { consumerConfig, defineConsumerMetrics } from '../src/index.ts';
import { batchBytes } from '../src/api/raw-records.ts';
import { stream } from './fixtures.ts';
import { openReader } from './reader-bench.ts';

const never = new AbortController().signal;
const mebibyte = 1024 * 1024;

function budgetOf(bytesMax: number, replyBytesMax: number, registry = new Registry()) {
  const metrics = defineConsumerMetrics(registry);
  return new BufferBudget({ bytesMax, replyBytesMax, metrics });
}

describe('HW_KINESIS_BUFFER_BYTES_MAX', () => {
  it('has space for at least two replies', () => {
    const { HW_KINESIS_BUFFER_BYTES_MAX: setting } = consumerConfig;
    expect(setting.safeParse(2 * replyMost).success).toBe(true);
    expect(setting.safeParse(2 * replyMost - 1).success).toBe(false);
  });
});

describe('BufferBudget', () => {
  it('admits waiting shards in the order in which they arrived', async () => {
    const budget = budgetOf(20, 10);
    const shares = Array.from({ length: 4 }, () => budget.share());
    const order: number[] = [];
    const waiting = shares.map(async (share, index) => {
      await share.takeReply(never);
      order.push(index);
    });
    await Promise.resolve();
    expect(budget.heldBytes).toBe(20);
    shares[1]?.hold(0);
    shares[0]?.hold(5);
    await waiting[2];
    expect(budget.heldBytes).toBe(15);
    shares[0]?.hold(0);
    await Promise.all(waiting);
    expect(order).toEqual([0, 1, 2, 3]);
  });

  it('does not let a small request pass a large one that arrived earlier', async () => {
    const budget = budgetOf(10, 10);
    const [held, large, small] = [budget.share(), budget.share(), budget.share()];
    await held.take(5, never);
    const order: string[] = [];
    const waiting = [
      large.take(10, never).then(() => order.push('large')),
      small.take(1, never).then(() => order.push('small')),
    ];
    held.hold(0);
    await waiting[0];
    large.hold(0);
    await waiting[1];
    expect(order).toEqual(['large', 'small']);
  });

  it('skips a waiting shard that gave up, and admits the next one', async () => {
    const budget = budgetOf(10, 10);
    const [held, first, second] = [budget.share(), budget.share(), budget.share()];
    await held.take(4, never);
    const giveUp = new AbortController();
    const given = first.takeReply(giveUp.signal).catch((error: unknown) => error);
    const next = second.take(6, never);
    giveUp.abort(new Error('stopping'));
    expect(await given).toEqual(new Error('stopping'));
    await next;
    expect(budget.heldBytes).toBe(10);
  });

  // Goal: never more than the limit, and every shard gets a turn. Method: shards that reserve
  // space, learn the size of the reply, and free space in any order.
  it('stays within its limit and starves nobody', async () => {
    const step = fc.record({ share: fc.nat(4), came: fc.double({ min: 0, max: 1, noNaN: true }) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const budget = budgetOf(35, 10);
        const shares = Array.from({ length: 5 }, () => budget.share());
        const turns = shares.map(() => 0);
        const asking = new Map<BufferShare, Promise<void>>();
        for (const { share: index, came } of steps) {
          const share = shares[index] as BufferShare;
          if (asking.has(share)) {
            share.hold(0);
          } else {
            const asked = share.takeReply(never).then(() => {
              turns[index] = (turns[index] ?? 0) + 1;
              share.hold(Math.floor(came * 10));
            });
            asking.set(share, asked);
          }
          await Promise.resolve();
          expect(budget.heldBytes).toBeLessThanOrEqual(35);
        }
        // Space is never lost: when all shards have freed theirs, every waiting shard gets its
        // turn.
        for (let round = 0; round < 5; round++) {
          for (const share of shares) share.hold(0);
          for (let i = 0; i < 10; i++) await Promise.resolve();
        }
        await Promise.all(asking.values());
        for (const share of shares) share[Symbol.dispose]();
        expect(budget.heldBytes).toBe(0);
      }),
    );
  });
});

describe.each([
  { mode: 'polling', bytesMax: 24 * mebibyte, replyBytesMax: 10 * mebibyte },
  // A subscription sends a megabyte at a time.
  { mode: 'fan-out', bytesMax: 3 * mebibyte, replyBytesMax: mebibyte },
] as const)('shards that share a buffer, by $mode', ({ mode, bytesMax, replyBytesMax }) => {
  // Goal: memory is limited whatever the size of the records, and one slow shard does not starve
  // the others. Method: six shards full of large records, one of which takes a minute for each
  // batch.
  it('stay within the limit, at equal speed, next to a slow one', async () => {
    const clock = new SimulatedClock();
    const kinesis = new MemoryKinesis(clock);
    await kinesis.create(stream, 6);
    const shards = await kinesis.listShards(stream);
    const random = new SeededRandom('weights');
    const data = Buffer.alloc(mebibyte - 100);
    for (const { startingHashKey } of shards) {
      for (let index = 0; index < 60; index++) {
        const size = random.int(200, 800) * 1024;
        await kinesis.putRecords(stream, [
          { partitionKey: 'k', explicitHashKey: startingHashKey, data: data.subarray(0, size) },
        ]);
      }
    }
    const registry = new Registry();
    const metrics = defineConsumerMetrics(registry);
    const budget = new BufferBudget({ bytesMax, replyBytesMax, metrics });
    const stop = new AbortController();
    const counts = shards.map(() => 0);
    const held = shards.map(() => 0);
    let heldMax = 0;
    const all = shards.map(async ({ shardId }, index) => {
      const options = {
        mode,
        api: kinesis,
        clock,
        shardId,
        metrics,
        budget,
        batchRecordsMax: 1_000,
      };
      await using reader = openReader(options);
      for (;;) {
        held[index] = 0;
        const read = await reader.read(stop.signal);
        if (read.type === 'nothing') continue;
        held[index] = batchBytes(read.batch.records);
        heldMax = Math.max(
          heldMax,
          held.reduce((sum, bytes) => sum + bytes, 0),
        );
        expect(budget.heldBytes).toBeLessThanOrEqual(bytesMax);
        await clock.sleep(index === 0 ? 60_000 : 100, stop.signal);
        counts[index] = (counts[index] ?? 0) + read.batch.records.length;
      }
    });
    await clock.advance(30_000);
    stop.abort(new Error('enough'));
    const outcomes = await Promise.allSettled(all);
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason)).toEqual(
      shards.map(() => new Error('enough')),
    );
    expect(counts).toEqual([0, 60, 60, 60, 60, 60]);
    expect(heldMax).toBeGreaterThan(bytesMax / 4);
    expect(heldMax).toBeLessThanOrEqual(bytesMax);
    const waits = await registry.getSingleMetric('kinesis_buffer_waits_total')?.get();
    expect(waits?.values[0]?.value).toBeGreaterThan(20);
    // All space was freed.
    const gauge = await registry.getSingleMetric('kinesis_buffer_bytes')?.get();
    expect(gauge?.values).toMatchObject([{ value: 0 }]);
  });
});
