import type { Row } from '@highwater/model';
import { describe, expect, it } from 'vitest';
import type { ReferenceRow } from '../reference-rows.ts';
import { faults, Hazards, services } from './chaos.ts';
import { byTheClock, windowMs, World, type WorldOptions } from './world.ts';

// Goal: a view that is raised while its shards stand at different places makes no stored row worse.
// Method: a shard is held back and another one is idle when the view changes; both services crash and
// both streams are resharded before and after, and some shards are opened late. A row must end as the old revision had it, or with every
// point of its window. `HW_SIM_SEED` replays one seed, `HW_SIM_SCHEDULES` runs as many as it says.

const seeds = process.env['HW_SIM_SEED']
  ? [process.env['HW_SIM_SEED']]
  : Array.from(
      { length: Number(process.env['HW_SIM_SCHEDULES'] ?? 20) },
      (_, index) => `raise-${index}`,
    );

const rates = { crash: 0.04, reshard: 0.02 };
const hashKeys = 2 ** 64;
const pointsCount = 70;
/** Another definition that says the same in every row, so that rows of both can be compared. */
const changed = { match: { measures: ['m'] }, revision: 2 };

/** The content of the store before the view was raised, and at the end. */
interface Raised {
  readonly world: World;
  readonly before: ReadonlyMap<string, Row>;
  readonly beforeRows: ReadonlyMap<string, ReferenceRow>;
  readonly raisedAtMs: number;
}

async function raise(seed: string, options: Partial<WorldOptions> = {}): Promise<Raised> {
  const view = Number(seed.at(-1)) % 2 === 0 ? byTheClock : {};
  let going: PromiseWithResolvers<void> | undefined;
  let opensLate = false;
  const world = new World({
    seed,
    faults,
    view,
    opening: async () => {
      if (opensLate && random.chance(0.3)) await world.clock.sleep(random.int(0, 40_000));
    },
    source: async (shardId) => (shardId.endsWith('0') ? await going?.promise : undefined),
    ...options,
  });
  const random = world.random.fork('events');
  const hazards = new Hazards(world, random, rates);
  const afterPut = () => hazards.strike();
  // The last shard gets nothing before the view is raised.
  const shardsCount = random.int(2, 4);
  const hashKey = (): string => {
    const share = random.uniform() * (1 - 1 / shardsCount);
    return (BigInt(Math.floor(share * hashKeys)) << 64n).toString();
  };
  await world.open(shardsCount, random.int(1, 3));
  for (const service of services) hazards.start(service);
  await world.feed(pointsCount / 2, { afterPut, hashKey });
  going = Promise.withResolvers();
  await world.feed(pointsCount / 2, { afterPut, hashKey });

  hazards.stop('aggregator');
  // What it has sent is written: under the other revision nobody would know it.
  await world.clock.advance(20_000);
  hazards.stop('upsert-writer');
  const before = new Map(world.store.rows);
  const beforeRows = world.actual();
  const raisedAtMs = world.clock.nowMs();
  opensLate = true;
  world.useView({ ...view, ...changed });
  for (const service of services) hazards.start(service);

  const goesOnAt = random.int(0, pointsCount);
  await world.feed(pointsCount, {
    afterPut: async (index) => {
      if (index === goesOnAt) going?.resolve();
      await hazards.strike();
    },
  });
  going.resolve();
  opensLate = false;
  world.heal();
  const raised = { world, before, beforeRows, raisedAtMs };
  for (let passedMs = 0; passedMs < 300_000; passedMs += 20_000) {
    await world.clock.advance(20_000);
    if ((await worseRows(raised)).length + (await missingRows(raised)).length === 0) break;
  }
  // They must stay so.
  await world.clock.advance(20_000);
  return raised;
}

const isOfRevision2 = ({ version }: Row) => version > 2 * 2 ** 40;
const endMsOf = (key: string) => Number(key.slice(key.lastIndexOf('|') + 1));

/** Keys of rows that are neither as the old revision had them nor whole. */
async function worseRows({ world, beforeRows }: Raised): Promise<readonly string[]> {
  const expected = await world.expected();
  return [...world.actual()].flatMap(([key, row]) => {
    const isOld = beforeRows.has(key) && isSame(row, beforeRows.get(key));
    return isOld || isSame(row, expected.get(key)) ? [] : [key];
  });
}

/** Keys of rows of windows that began after the change, and are not whole. */
async function missingRows({ world, raisedAtMs }: Raised): Promise<readonly string[]> {
  const actual = world.actual();
  return [...(await world.expected())].flatMap(([key, row]) => {
    const hasBegunAfter = endMsOf(key) - windowMs > raisedAtMs;
    return hasBegunAfter && !isSame(actual.get(key), row) ? [key] : [];
  });
}

function isSame(a: ReferenceRow | undefined, b: ReferenceRow | undefined): boolean {
  return a?.count === b?.count && a?.average === b?.average;
}

describe('a view whose revision was raised', () => {
  it.each(seeds)(
    'seed %s: no row of the new revision lacks a point of its window',
    async (seed) => {
      const raised = await raise(seed);
      const { world, before } = raised;
      expect(await worseRows(raised)).toEqual([]);
      expect(await missingRows(raised)).toEqual([]);
      expect([...world.store.rows.values()].filter(isOfRevision2).length).toBeGreaterThan(5);
      // By version, and not only by what the rows say.
      for (const [key, row] of before) {
        const after = world.store.rows.get(key);
        if (after?.version !== row.version) expect(after).toSatisfy(isOfRevision2);
        else expect(after).toEqual(row);
      }
      expect(world.store.conflicts).toEqual([]);
      const names = world.failures.map((error) => (error as Error).name);
      expect(names.filter((name) => name !== 'StoreUnavailableError')).toEqual([]);
    },
  );

  // The test must be able to fail: if sources claim to have always had the view, rows with only a
  // part of their points replace complete ones.
  it('makes rows worse in some seed when no source says from when it starts', async () => {
    let worse: readonly string[] = [];
    for (let index = 0; index < 20 && worse.length === 0; index++) {
      const raised = await raise(`canary-${index}`, {
        markers: (progress) => ({
          ...progress,
          views: progress.views.map((view) => ({ ...view, beginsAtMs: null })),
        }),
      });
      worse = await worseRows(raised);
    }
    expect(worse).not.toEqual([]);
  });
});
