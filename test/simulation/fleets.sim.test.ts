import type { SeededRandom } from '@highwater/testkit';
import { describe, expect, it } from 'vitest';
import type { Mortal } from './mortal.ts';
import { rawStream, resultsStream, World, type ServiceName } from './world.ts';

// Goal: fleets of both services that share their shards end with the rows that the raw stream holds,
// through crashes, pauses longer than a lease, splits, merges, and lease calls that are late, refused
// or not answered. Method: real services on simulated time; the rows are recomputed by other code.
// `HW_SIM_SEED` replays one, `HW_SIM_SCHEDULES` runs as many as it says.

const services: readonly ServiceName[] = ['aggregator', 'upsert-writer'];
const seeds = process.env['HW_SIM_SEED']
  ? [process.env['HW_SIM_SEED']]
  : Array.from(
      { length: Number(process.env['HW_SIM_SCHEDULES'] ?? 20) },
      (_, index) => `fleets-${index}`,
    );

const faults = {
  throttle: 0.03,
  fail: 0.02,
  loseReply: 0.03,
  partial: 0.1,
  duplicate: 0.05,
  delay: 0.1,
  delayMsMax: 2_000,
};
const fleet = {
  sharing: { durationMs: 6_000, intervalMs: 1_000 },
  leaseRates: { late: 0.02, lateMsMax: 30_000, refuted: 0.01 },
};

async function chaos(seed: string): Promise<World> {
  const world = new World({ seed, faults, fleet });
  const random = world.random.fork('events');
  const alive = new Map<Mortal, ServiceName>();
  const start = (service: ServiceName): void => {
    const mortal = world.start(service, undefined, () => {
      alive.delete(mortal);
      start(service);
    });
    alive.set(mortal, service);
  };
  await world.open(random.int(1, 4), random.int(1, 3));
  for (const service of services) {
    for (let count = random.int(1, 3); count > 0; count--) start(service);
  }
  await world.feed(100, {
    afterPut: async () => {
      const victim = random.pick([...alive.keys()]);
      if (random.chance(0.04)) victim.die();
      else if (random.chance(0.06)) {
        victim.pauseTo(world.clock.monotonicMs() + random.int(1_000, 20_000));
      }
      if (random.chance(0.06)) await reshard(world, random);
    },
  });
  await world.settle();
  return world;
}

async function reshard({ kinesis, clock }: World, random: SeededRandom): Promise<void> {
  const stream = random.pick([rawStream, resultsStream]);
  await clock.settle();
  const open = kinesis.account
    .stream(stream)
    .openShards.toSorted((a, b) => (a.range.start < b.range.start ? -1 : 1));
  const index = random.int(0, open.length - 1);
  const [left, right] = [open[index], open[index + 1]];
  if (left && right && random.chance(0.5)) {
    await kinesis.account.mergeShards(stream, left.shardId, right.shardId);
  } else if (left && open.length <= 6) {
    const middle = (left.range.start + left.range.end) / 2n;
    await kinesis.account.splitShard(stream, left.shardId, middle.toString());
  }
}

describe('fleets of both services', () => {
  it.each(seeds)('seed %s: crashes, pauses and reshards change no row', async (seed) => {
    const world = await chaos(seed);
    const expected = await world.expected();
    expect(expected.size).toBeGreaterThan(5);
    expect(world.actual()).toEqual(expected);
    expect(world.store.conflicts).toEqual([]);
    // A store that fails ends a process, which its supervisor starts again. Nothing else may.
    const names = world.failures.map((error) => (error as Error).name);
    expect(names.filter((name) => name !== 'StoreUnavailableError')).toEqual([]);
  });
});
