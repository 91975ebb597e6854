import type { Clock, Store } from '@highwater/model';
import { describe, expect, it } from 'vitest';
import { chaos, services } from './chaos.ts';
import { byTheClock, storeClassOf, World, type ServiceName, type WorldOptions } from './world.ts';

// Goal: whatever happens to processes and calls, the store ends with exactly the rows of the raw
// stream. Method: real services on simulated time. Independent code recomputes the rows. Replay one
// seed with `npm run sim -- <seed>`.

const seeds = process.env['HW_SIM_SEED']
  ? [process.env['HW_SIM_SEED']]
  : Array.from({ length: 40 }, (_, index) => `chaos-${index}`);

async function expectSameRows(world: World): Promise<void> {
  const expected = await world.expected();
  expect(expected.size, 'rows that the raw stream makes').toBeGreaterThan(5);
  expect(world.actual()).toEqual(expected);
  expect(world.store.conflicts).toEqual([]);
}

/** In every other seed the clock decides when rows are written. */
function ofSeed(seed: string): WorldOptions {
  return Number(seed.at(-1)) % 2 === 0 ? { seed, view: byTheClock } : { seed };
}

function versionsOfTheClock(store: Store, clock: Clock): Store {
  return {
    write: (rows, signal) =>
      store.write(
        rows.map((row) => ({ ...row, version: clock.nowMs() })),
        signal,
      ),
  };
}

/** The row that comes last stays, whatever its version. */
function keepsTheLast(store: Store): Store {
  let writes = 0;
  return {
    write: (rows, signal) =>
      store.write(
        rows.map((row) => ({ ...row, version: (writes += 1) })),
        signal,
      ),
  };
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
    const world = await chaos(ofSeed(seed));
    await expectSameRows(world);
  });

  it('is run on stores of both classes, unless one seed is replayed', () => {
    const classes = new Set(seeds.map(storeClassOf));
    expect(classes.size).toBe(seeds.length === 1 ? 1 : 2);
  });

  // The harness must be able to fail: an older value that is written later wins with versions taken from
  // the clock, and in a store that keeps what was written last.
  it.each([
    {
      what: 'versions come from the clock',
      storeClass: 'on_write',
      store: versionsOfTheClock,
    } as const,
    ...(['on_write', 'on_merge'] as const).map((storeClass) => ({
      what: 'the store keeps what was written last',
      storeClass,
      store: keepsTheLast,
    })),
  ])(
    'ends with wrong rows in some seed when $what ($storeClass)',
    async ({ storeClass, store }) => {
      const isWrong = async (seed: string): Promise<boolean> => {
        const world = await chaos({ ...ofSeed(seed), store });
        const [actual, expected] = [world.actual(), await world.expected()];
        return [...expected].some(([key, row]) => actual.get(key)?.average !== row.average);
      };
      const canaries = Array.from({ length: 40 }, (_, index) => `canary-${index}`);
      let hasFailed = false;
      for (const seed of canaries.filter((each) => storeClassOf(each) === storeClass)) {
        hasFailed ||= await isWrong(seed);
        if (hasFailed) break;
      }
      expect(hasFailed).toBe(true);
    },
  );
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
