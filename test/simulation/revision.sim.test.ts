import { describe, expect, it } from 'vitest';
import { services } from './chaos.ts';
import { windowMs, World } from './world.ts';

// Goal: a view may be changed under a higher revision, and only so. Method: the services run, are
// stopped, and are started with another view over the same states and the same store.

/** A view with other contents in rows of the same names. */
const changed = { duplicates: 'ignore' };
const isOfRevision2 = ({ version }: { version: number }) => version > 2 * 2 ** 40;

async function runThenStop(): Promise<World> {
  const world = new World({ seed: 'revision' });
  await world.open(2, 2);
  const aggregator = world.start('aggregator');
  const writer = world.start('upsert-writer');
  await world.feed(80);
  aggregator.die();
  // What it has sent is written: the other view would not know it.
  await world.clock.advance(10_000);
  writer.die();
  return world;
}

describe('a view that has changed', () => {
  it.each(services)('is rejected by the %s under the same revision', async (service) => {
    const world = await runThenStop();
    world.useView(changed);
    world.start(service);
    await world.clock.advance(5_000);
    expect(String(world.failures[0])).toMatch(
      /view v revision 1: its definition has changed, but its revision has not\n {2}it was/,
    );
  });

  it('continues under a higher revision with windows that it sees completely', async () => {
    const world = await runThenStop();
    const before = new Map(world.store.rows);
    world.useView({ ...changed, revision: 2 });
    for (const service of services) world.start(service);
    const changedAtMs = world.clock.nowMs();
    await world.feed(80);
    await world.clock.advance(120_000);
    expect(world.failures).toEqual([]);
    // Windows that ended before are unchanged. Windows that started after it have the new revision.
    for (const [key, row] of before) expect(world.store.rows.get(key)).toEqual(row);
    const begun = [...world.store.rows.values()].filter(
      ({ time }) => Number(time) - windowMs > changedAtMs,
    );
    expect(begun.length).toBeGreaterThan(5);
    expect(begun.every(isOfRevision2)).toBe(true);
    expect(world.letters).toEqual([]);
  });

  it('replaces every row when the stream is read again under a higher revision', async () => {
    const world = await runThenStop();
    const before = new Map(world.store.rows);
    expect(before.size).toBeGreaterThan(10);
    world.useView({ ...changed, revision: 2 });
    world.forgetCheckpoints();
    for (const service of services) world.start(service);
    await world.clock.advance(120_000);
    expect(world.failures).toEqual([]);
    for (const key of before.keys()) {
      expect(world.store.rows.get(key)).toSatisfy(isOfRevision2);
    }
  });
});
