import { describe, expect, it } from 'vitest';
import type { Mortal } from './mortal.ts';
import { byTheClock, rawStream, resultsStream, World, type ServiceName } from './world.ts';

// Goal: whatever happens to processes and calls, the store ends with the rows that the raw stream
// holds, and with nothing else. Method: real services on simulated time; the rows are recomputed by
// other code. Replay one seed with `npm run sim -- <seed>`.

const services: readonly ServiceName[] = ['aggregator', 'upsert-writer'];
const seeds = process.env['HW_SIM_SEED']
  ? [process.env['HW_SIM_SEED']]
  : Array.from({ length: 40 }, (_, index) => `chaos-${index}`);

async function expectSameRows(world: World): Promise<void> {
  const expected = await world.expected();
  expect(expected.size, 'rows that the raw stream makes').toBeGreaterThan(5);
  expect(world.actual()).toEqual(expected);
  expect(world.store.conflicts).toEqual([]);
}

describe('a quiet run', () => {
  it('stores exactly the rows of the raw stream', async () => {
    const world = new World({ seed: 'quiet' });
    await world.open(3, 2);
    for (const service of services) world.start(service);
    await world.feed(150);
    await world.settle();
    await expectSameRows(world);
    expect(world.letters).toEqual([]);
  });
});

describe.each(services)('a crash of the %s', (service) => {
  it.each(['before', 'after'] as const)(
    '%s the effect of any call changes no row',
    async (side) => {
      const callsCount = await countCalls(service);
      expect(callsCount).toBeGreaterThan(50);
      for (let call = 1; call <= callsCount; call++) {
        const world = await crashAt(service, call, side);
        await expectSameRows(world).catch((error: unknown) => {
          throw new Error(`crash of ${service} ${side} call ${call}`, { cause: error });
        });
      }
    },
  );
});

describe('chaos', () => {
  it.each(seeds)('seed %s: crashes, zombies, faults and reshards change no row', async (seed) => {
    const world = await chaos(seed);
    await expectSameRows(world);
  });

  // The harness must be able to fail: with versions taken from the clock, as the seed has them, an
  // older value that is written later wins.
  it('ends with wrong rows in some seed when versions come from the clock', async () => {
    const isWrong = async (seed: string): Promise<boolean> => {
      const world = await chaos(seed, 'clock');
      const [actual, expected] = [world.actual(), await world.expected()];
      return [...expected].some(([key, row]) => actual.get(key)?.average !== row.average);
    };
    const outcomes = [];
    for (let index = 0; index < 20; index++) outcomes.push(await isWrong(`canary-${index}`));
    expect(outcomes).toContain(true);
  });
});

/** Enough for windows to fire, to be corrected and to be cleaned up. */
const stepsPoints = 50;

async function countCalls(service: ServiceName): Promise<number> {
  const world = new World({ seed: 'steps', view: byTheClock });
  await world.open(1, 1);
  const mortals = services.map((name) => ({ name, mortal: world.start(name) }));
  await world.feed(stepsPoints);
  return mortals.find(({ name }) => name === service)?.mortal.callsCount ?? 0;
}

async function crashAt(
  service: ServiceName,
  call: number,
  side: 'before' | 'after',
): Promise<World> {
  const world = new World({ seed: 'steps', view: byTheClock });
  await world.open(1, 1);
  for (const name of services) {
    if (name === service) world.start(name, { call, side }, () => world.start(name));
    else world.start(name);
  }
  await world.feed(stepsPoints);
  await world.settle();
  return world;
}

/** Everything at once, from one seed. */
async function chaos(seed: string, versions: 'input' | 'clock' = 'input'): Promise<World> {
  const world = new World({
    seed,
    // Every other seed.
    ...(Number(seed.at(-1)) % 2 === 0 ? { view: byTheClock } : {}),
    faults: {
      throttle: 0.03,
      fail: 0.02,
      loseReply: 0.03,
      partial: 0.1,
      duplicate: 0.05,
      delay: 0.1,
      delayMsMax: 2_000,
    },
    ...(versions === 'input'
      ? {}
      : {
          store: (store, clock) => ({
            write: (rows, signal) =>
              store.write(
                rows.map((row) => ({ ...row, version: clock.nowMs() })),
                signal,
              ),
          }),
        }),
  });
  const random = world.random.fork('events');
  const alive = new Map<ServiceName, Mortal>();
  const start = (service: ServiceName): void => {
    alive.set(
      service,
      world.start(service, undefined, () => start(service)),
    );
  };
  await world.open(random.int(1, 4), random.int(1, 3));
  services.forEach(start);
  await world.feed(150, {
    afterPut: async () => {
      const service = random.pick(services);
      if (random.chance(0.04)) alive.get(service)?.die();
      // A second process takes the shards while the first goes on: a zombie, until it notices.
      if (random.chance(0.03)) start(service);
      if (random.chance(0.02))
        await reshard(world, random.pick([rawStream, resultsStream]), random.uniform());
    },
  });
  await world.settle();
  return world;
}

async function reshard(world: World, stream: string, drawn: number): Promise<void> {
  const open = world.kinesis.account.stream(stream).openShards;
  const shard = open[Math.floor(drawn * open.length)];
  if (!shard || open.length > 8) return;
  await world.clock.settle();
  const middle = (shard.range.start + shard.range.end) / 2n;
  await world.kinesis.account.splitShard(stream, shard.shardId, middle.toString());
}
