import { describe, expect, it } from 'vitest';
import { Fleet, stream, type Worker } from './fleet.ts';

// Goal: shards are read in the order of their descent, whatever lies in them and whoever reads them.
// Method: reshards of a known shape on simulated time, with records in each generation.

async function opened(seed: string, shardsCount: number): Promise<Fleet> {
  const fleet = new Fleet(seed);
  await fleet.kinesis.create(stream, shardsCount);
  await fleet.clock.advance(1_000);
  return fleet;
}

/** Splits the first open shard, or merges the first two. */
async function reshard(fleet: Fleet, how: 'split' | 'merge'): Promise<void> {
  const [pair] = await fleet.adjacentShards();
  const [first = ''] = pair ?? (await fleet.openShards());
  if (how === 'merge' && pair) await fleet.merge(...pair);
  else await fleet.split(first);
  await fleet.clock.advance(1_000);
}

/** Every record once in the final state, and none of a shard before the last of its parents. */
async function expectOrder(fleet: Fleet, workers: readonly Worker[]): Promise<void> {
  await fleet.clock.advance(120_000);
  for (const worker of workers) await worker.stop();
  const recorded = await fleet.recorded();
  expect(recorded.toSorted()).toEqual(
    [...new Set(fleet.processed.map(({ name }) => name))].toSorted(),
  );
  expect(recorded).toHaveLength(fleet.putCount);
  expect([...fleet.faults, ...fleet.failures]).toEqual([]);
  const shardIds = fleet.processed.map(({ shardId }) => shardId);
  for (const { shardId, parentShardIds } of await fleet.kinesis.listShards(stream)) {
    const first = shardIds.indexOf(shardId);
    if (first < 0) continue;
    for (const parent of parentShardIds) {
      expect(shardIds.lastIndexOf(parent)).toBeLessThan(first);
    }
  }
}

describe('a reshard', () => {
  it('of many generations before anybody reads is read in order, by one worker or by four', async () => {
    for (const workersCount of [1, 4]) {
      const fleet = await opened(`chain-${workersCount}`, 2);
      for (const how of ['split', 'merge', 'split', 'split', 'merge', 'merge'] as const) {
        await fleet.put(30);
        await reshard(fleet, how);
      }
      await fleet.put(30);
      const workers = Array.from({ length: workersCount }, () => fleet.start());
      await expectOrder(fleet, workers);
    }
  });

  it('skips over shards that never had a record', async () => {
    const fleet = await opened('empty', 1);
    const workers = [fleet.start(), fleet.start()];
    for (const how of ['split', 'split', 'merge', 'merge'] as const) await reshard(fleet, how);
    await fleet.put(40);
    await expectOrder(fleet, workers);
    expect(new Set(fleet.processed.map(({ shardId }) => shardId)).size).toBe(1);
  });

  it('lets children receive records while their parent has a backlog, and reads them after it', async () => {
    const fleet = await opened('backlog', 1);
    await fleet.put(600);
    // Twenty records a second at most: half a minute's work.
    const slow = { onBatch: () => fleet.clock.sleep(1_000) };
    const workers = [fleet.start(slow), fleet.start(slow), fleet.start(slow)];
    await fleet.clock.advance(5_000);
    await reshard(fleet, 'split');
    for (let second = 0; second < 20; second++) {
      await fleet.put(10);
      await fleet.clock.advance(1_000);
    }
    const read = new Set(fleet.processed.map(({ shardId }) => shardId));
    expect(read.size).toBe(1);
    expect(fleet.processed.length).toBeLessThan(600);
    await expectOrder(fleet, workers);
  });
});
