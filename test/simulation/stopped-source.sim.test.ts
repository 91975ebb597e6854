import { describe, expect, it } from 'vitest';
import { World } from './world.ts';

const openRowsMax = 10;

/** Open rows of all upsert-writers, by shard. */
async function openRows(world: World): Promise<readonly number[]> {
  const counts: number[] = [];
  for (const registry of world.registries) {
    const gauge = await registry.getSingleMetric('upsert_writer_open_rows')?.get();
    counts.push(...(gauge?.values ?? []).map(({ value }) => value));
  }
  return counts;
}

// Goal: one source that is stopped for long costs limited memory, and its later output makes no
// stored row worse. Method: two shards, one of whose aggregators is paused for two minutes.
describe('a source that has stopped', () => {
  it('leaves upsert-writer within its limit, and no stored row worse', async () => {
    const going = Promise.withResolvers<void>();
    const world = new World({
      seed: 'stopped-source',
      openRowsMax,
      source: (shardId) => (shardId.endsWith('1') ? going.promise : Promise.resolve()),
    });
    await world.open(2, 1);
    world.start('aggregator');
    world.start('upsert-writer');
    let most = 0;
    await world.feed(150, {
      afterPut: async () => {
        most = Math.max(most, ...(await openRows(world)));
      },
    });
    await world.clock.advance(60_000);
    const before = world.actual();
    expect(before.size).toBeGreaterThan(2 * openRowsMax);
    expect(most).toBe(openRowsMax);
    going.resolve();
    await world.settle();
    const [after, expected] = [world.actual(), await world.expected()];
    const worse = [...before].filter(([key, row]) => (after.get(key)?.count ?? 0) < row.count);
    expect(worse).toEqual([]);
    // Partials that could no longer be joined are reported, row by row, for repair.
    const incomplete = [...expected].filter(([key, { count }]) => after.get(key)?.count !== count);
    expect(incomplete.length).toBeGreaterThan(0);
    expect(world.letters.length).toBeGreaterThanOrEqual(incomplete.length);
    expect(Math.max(...(await openRows(world)))).toBeLessThanOrEqual(openRowsMax);
    expect(world.failures).toEqual([]);
  });
});
