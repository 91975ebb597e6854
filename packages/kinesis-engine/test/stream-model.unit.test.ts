import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MemoryShard } from '../src/index.ts';
import { stream, World } from './stream-world.ts';

const hourMs = 3_600_000;

const anyStep = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('put' as const),
      keys: fc.array(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('open' as const), place: fc.nat(20) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('read' as const),
      place: fc.nat(20),
      limit: fc.integer({ min: 1, max: 10 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('split' as const),
      place: fc.nat(20),
      share: fc.integer({ min: 0, max: 100 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('merge' as const),
      place: fc.nat(20),
      step: fc.integer({ min: 1, max: 2 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('scale' as const),
      count: fc.integer({ min: 1, max: 8 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      durationMs: fc.constantFrom(1, 200, 500, 2000, 301_000, 13 * hourMs),
    }),
  },
);
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

async function take(world: World, step: Step): Promise<void> {
  const { account, live } = world;
  const openShard = (place: number) =>
    live.openShards[place % live.openShards.length] as MemoryShard;
  switch (step.do) {
    case 'put':
      return world.put(step.keys);
    case 'open':
      return world.openReader(step.place);
    case 'read':
      return world.read(step.place, step.limit);
    case 'wait':
      return world.clock.advance(step.durationMs);
    case 'scale':
      return world.reshard(() => account.updateShardCount(stream, step.count));
    case 'split': {
      const { shardId, range } = openShard(step.place);
      const at = range.start + ((range.end - range.start) * BigInt(step.share)) / 100n;
      return world.reshard(() => account.splitShard(stream, shardId, `${at}`));
    }
    case 'merge': {
      const [left, right] = [openShard(step.place), openShard(step.place + step.step)];
      return world.reshard(() => account.mergeShards(stream, left.shardId, right.shardId));
    }
  }
}

describe('a stream in memory', () => {
  // Goal: whatever is called in whatever order, the stream contains exactly the records that were
  // put, in order, and its shards follow the rules. Method: random calls, compared with a list of
  // puts.
  it('agrees with a list of all puts, through any calls', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(anyStep, { minLength: 10, maxLength: 60 }),
        async (shardsCount, steps) => {
          const world = new World();
          await world.start(shardsCount);
          for (const step of steps) {
            await take(world, step);
            world.check();
          }
          await world.clock.advance(60_000);
          world.check();
          // Exactly the records that were put and stored, each from its shard.
          for (const { shardId } of world.live.shards) {
            const expected = world.kept(shardId);
            const reader = await world
              .openReader(world.live.shards.findIndex((shard) => shard.shardId === shardId))
              .then(() => world.readers.length - 1);
            for (let i = 0; i < expected.length + 1; i += 1) await world.read(reader, 10);
            expect(world.readers[reader]?.texts).toEqual(expected);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
