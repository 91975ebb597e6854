import { describe, expect, it } from 'vitest';
import { unreachable } from './faulty-leases.ts';
import { Fleet, sharing, stream, type Worker } from './fleet.ts';

const quietMs = 60_000;

async function opened(shardsCount: number, seed = 'sharing') {
  const fleet = new Fleet(seed);
  await fleet.kinesis.create(stream, shardsCount);
  await fleet.clock.advance(1_000);
  return fleet;
}

function expectBalance(loads: ReadonlyMap<string | undefined, number>, workers: readonly Worker[]) {
  const counts = workers.map(({ owner }) => loads.get(owner) ?? 0);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  // Nobody else has any, and none is left over.
  const total = [...loads.values()].reduce((sum, count) => sum + count, 0);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(total);
}

/** Everything was recorded once: nothing lost, and no state moved on by two owners. */
async function expectExactRecords(fleet: Fleet) {
  const recorded = await fleet.recorded();
  expect(recorded).toHaveLength(fleet.putCount);
  expect(new Set(recorded).size).toBe(fleet.putCount);
  expect(fleet.faults).toEqual([]);
  expect(fleet.failures).toEqual([]);
}

describe('workers of one service', () => {
  it.each([
    { shards: 4, workers: 3 },
    { shards: 12, workers: 5 },
    { shards: 2, workers: 4 },
    { shards: 16, workers: 6 },
  ])('share $shards shards evenly between $workers', async ({ shards, workers }) => {
    const fleet = await opened(shards);
    const all = [fleet.start()];
    await fleet.clock.advance(5_000);
    while (all.length < workers) all.push(fleet.start());
    await fleet.put(200);
    await fleet.clock.advance(quietMs);
    expectBalance(await fleet.loads(), all);
    for (const worker of all) await worker.stop();
    await expectExactRecords(fleet);
    // Balance is made by handing over: nothing was read twice.
    expect(fleet.processed).toHaveLength(200);
  });

  it('change nothing once they are balanced', async () => {
    const fleet = await opened(7);
    const all = [fleet.start(), fleet.start(), fleet.start()];
    await fleet.clock.advance(quietMs);
    const epochs = (await fleet.leases.list()).map(({ epoch }) => epoch);
    await fleet.clock.advance(10 * quietMs);
    expect((await fleet.leases.list()).map(({ epoch }) => epoch)).toEqual(epochs);
    expectBalance(await fleet.loads(), all);
  });

  it('take over the leases of a stopped worker within one round', async () => {
    const fleet = await opened(4);
    const [first, second] = [fleet.start(), fleet.start()];
    await fleet.clock.advance(quietMs);
    await first.stop();
    await fleet.clock.advance(sharing.intervalMs + 100);
    expect(await fleet.loads()).toEqual(new Map([[second.owner, 4]]));
  });

  it('take over the leases of a dead worker once its counter has stopped, not before', async () => {
    const fleet = await opened(4);
    const [first, second] = [fleet.start(), fleet.start()];
    await fleet.clock.advance(quietMs);
    first.mortal.die();
    await fleet.clock.advance(sharing.durationMs / 2);
    expect((await fleet.loads()).get(first.owner)).toBe(2);
    await fleet.clock.advance(sharing.durationMs + 2 * sharing.intervalMs);
    expect(await fleet.loads()).toEqual(new Map([[second.owner, 4]]));
  });

  it('judge no worker by the wall clock', async () => {
    const fleet = await opened(4);
    const all = [fleet.start(), fleet.start()];
    await fleet.clock.advance(quietMs);
    const before = (await fleet.leases.list()).map(({ owner, epoch }) => ({ owner, epoch }));
    for (const byMs of [3_600_000, -7_200_000, 3_600_000]) {
      fleet.clock.jumpWallClock(byMs);
      await fleet.clock.advance(quietMs);
    }
    const after = (await fleet.leases.list()).map(({ owner, epoch }) => ({ owner, epoch }));
    expect(after).toEqual(before);
    expectBalance(await fleet.loads(), all);
  });

  it('stop before the next record after a pause in which they lost their leases', async () => {
    const fleet = await opened(2);
    const first = fleet.start();
    await fleet.put(20);
    await fleet.clock.advance(20_000);
    const second = fleet.start();
    first.pause(sharing.durationMs * 3);
    await fleet.clock.advance(sharing.durationMs * 2);
    expect((await fleet.loads()).get(second.owner)).toBe(2);
    await fleet.put(50);
    await fleet.clock.advance(quietMs);
    await first.stop();
    await second.stop();
    await expectExactRecords(fleet);
    const names = fleet.processed.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('keep their leases and their state when the lease table is unavailable for long', async () => {
    const fleet = await opened(4);
    const all = [fleet.start(), fleet.start()];
    await fleet.clock.advance(quietMs);
    const before = (await fleet.leases.list()).map(({ owner, epoch }) => ({ owner, epoch }));
    const isAway = () => Promise.reject(unreachable('throttle'));
    Object.assign(fleet.leases, { list: isAway, renew: isAway, checkpoint: isAway });
    await fleet.clock.advance(3 * sharing.durationMs);
    await fleet.put(20);
    await fleet.clock.advance(5_000);
    // Nobody can prove that the shards are still theirs: nothing is processed.
    expect(fleet.processed).toHaveLength(0);
    // What was put in front of the store's own methods is taken away.
    for (const name of ['list', 'renew', 'checkpoint']) Reflect.deleteProperty(fleet.leases, name);
    await fleet.clock.advance(5_000);
    expect(fleet.processed).toHaveLength(20);
    const after = (await fleet.leases.list()).map(({ owner, epoch }) => ({ owner, epoch }));
    expect(after).toEqual(before);
    for (const worker of all) await worker.stop();
    await expectExactRecords(fleet);
  });

  it('take by force the leases that a stuck owner does not hand over', async () => {
    const fleet = await opened(2);
    const stuck = fleet.start({ onBatch: () => new Promise(() => undefined) });
    await fleet.put(40);
    await fleet.clock.advance(5_000);
    const second = fleet.start();
    await fleet.clock.advance(sharing.durationMs * 2);
    expect((await fleet.loads()).get(second.owner)).toBeUndefined();
    await fleet.clock.advance(sharing.durationMs * 3);
    expect((await fleet.loads()).get(second.owner)).toBe(1);
    expect((await fleet.loads()).get(stuck.owner)).toBe(1);
  });
});
