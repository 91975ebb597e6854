import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { rawStream, windowMs, World } from './world.ts';

/** How long an idle source holds a final row open. */
const idleHoldMs = 300_000;
/** From the start of a window until it is final: its length, allowed lateness, out-of-orderness. */
const finalAfterMs = windowMs + 20_000 + 1_000;

/** A key of the first or of the second of two shards. */
function keyOf(shard: 0 | 1): string {
  const isOf = (key: string) => (hash('md5', key, 'hex') < '8' ? 0 : 1) === shard;
  const found = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].find(isOf);
  if (found === undefined) throw new Error('one of eight keys is of each shard');
  return found;
}

async function put(world: World, shard: 0 | 1, timeMs: number, series: string): Promise<void> {
  const point = { MeasureName: 'm', MeasureValue: 1, Time: timeMs, series };
  const data = new TextEncoder().encode(JSON.stringify(point));
  await world.kinesis.putRecords(rawStream, [{ partitionKey: keyOf(shard), data }]);
}

/** A row of two sources, one of which is idle until its last point comes after `delayMs`. */
async function delayed(delayMs: number): Promise<World> {
  const world = new World({ seed: 'idle-hold' });
  await world.open(2, 1);
  world.start('aggregator');
  world.start('upsert-writer');
  const startMs = Math.ceil(world.clock.nowMs() / windowMs) * windowMs;
  await world.clock.advance(startMs - world.clock.nowMs());
  for (const shard of [0, 1] as const) await put(world, shard, startMs, 'shared');
  while (world.clock.nowMs() < startMs + delayMs) {
    await put(world, 0, world.clock.nowMs(), 'prompt');
    await world.clock.advance(5_000);
  }
  await put(world, 1, startMs, 'shared');
  await world.clock.advance(20_000);
  return world;
}

function sharedRows(rows: ReadonlyMap<string, { readonly count: number }>): readonly number[] {
  return [...rows].filter(([key]) => key.includes('shared')).map(([, { count }]) => count);
}

// Goal: an idle source keeps the rows of its slow producers complete for as long as promised, and
// needs no more rows than that. Method: a busy shard and an idle one, with a point of the idle one
// just before and just after the row is dropped.
describe('an idle source', () => {
  it('holds its rows for points that are delayed by less than the hold', async () => {
    const world = await delayed(finalAfterMs + idleHoldMs - 5_000);
    expect(sharedRows(await world.expected())).toEqual([3]);
    expect(sharedRows(world.actual())).toEqual([3]);
    expect(world.letters).toEqual([]);
    expect(world.failures).toEqual([]);
  });

  it('drops them then: a later point makes no row worse, and is reported', async () => {
    const world = await delayed(finalAfterMs + idleHoldMs + 10_000);
    expect(sharedRows(await world.expected())).toEqual([3]);
    expect(sharedRows(world.actual())).toEqual([2]);
    expect(new Set(world.letters.map(({ reason }) => reason))).toEqual(new Set(['row_forgotten']));
    expect(world.failures).toEqual([]);
  });

  it('holds no more rows than those of the hold', async () => {
    const world = await delayed(2 * idleHoldMs);
    const openRows = await world.registries[1]?.getSingleMetric('upsert_writer_open_rows')?.get();
    const open = openRows?.values[0]?.value ?? 0;
    // One series, with one row per window. Checkpoints and ticks are some seconds later.
    expect(open).toBeGreaterThanOrEqual(idleHoldMs / windowMs);
    expect(open).toBeLessThanOrEqual((idleHoldMs + finalAfterMs + 10_000) / windowMs);
  });
});
