import type { SeededRandom } from '@highwater/testkit';
import { dependencies, Fleet, stream, type Worker } from './fleet.ts';

const rates = {
  throttle: 0.03,
  fail: 0.02,
  loseReply: 0.04,
  cut: 0.02,
  expireIterator: 0.01,
  duplicate: 0.05,
  delay: 0.1,
  delayMsMax: 2_000,
  endSubscription: 0.05,
  stallSubscription: 0.02,
  cutSubscription: 0.05,
};

const leaseRates = { late: 0.02, lateMsMax: 30_000, refuted: 0.01 };

/** A schedule at rest. */
export interface Outcome {
  readonly fleet: Fleet;
  readonly workers: readonly Worker[];
}

/** Longer than a lost lease and a stuck owner take together. */
const restMsMax = 180_000;
const restMs = 10_000;

/** Runs one schedule of a fleet to rest, and leaves its last workers running. */
export async function chaos(seed: string, isLying = false): Promise<Outcome> {
  const fleet = new Fleet(seed, rates, leaseRates);
  const random = fleet.random.fork('events');
  if (fleet.random.fork('recover').chance(0.5)) fleet.recover = 'replay';
  await fleet.kinesis.create(stream, random.int(1, 4));
  await fleet.clock.advance(1_000);
  if (isLying) loseWrites(fleet);
  let workers = Array.from({ length: random.int(1, 3) }, () => start(fleet, random));
  for (let step = 0; step < 60; step++) {
    if (random.chance(0.1)) await fleet.putPacked();
    else await fleet.put(random.int(0, 6));
    await fleet.clock.advance(random.int(100, 2_500));
    workers = await disturb(fleet, workers, random);
  }
  fleet.heal();
  if (workers.length === 0) workers.push(start(fleet, random));
  const outcome = { fleet, workers };
  for (let passedMs = 0; passedMs < restMsMax; passedMs += restMs) {
    await fleet.clock.advance(restMs);
    if ((await whatIsWrong(outcome)).length === 0) break;
  }
  return outcome;
}

/** Some sinks are slow: longer than a lease, now and then. */
function slowSink(fleet: Fleet): { readonly onBatch: () => Promise<void> } {
  const random = fleet.random.fork('sink');
  return {
    onBatch: async () => {
      if (random.chance(0.05)) await fleet.clock.sleep(random.int(100, 15_000));
    },
  };
}

function start(fleet: Fleet, random: SeededRandom): Worker {
  const read = random.chance(0.5) ? { consumerName: 'fleet' } : undefined;
  return fleet.start({ ...slowSink(fleet), ...(read && { read }) });
}

async function disturb(
  fleet: Fleet,
  workers: readonly Worker[],
  random: SeededRandom,
): Promise<Worker[]> {
  const victim = workers.length > 0 ? random.pick(workers) : undefined;
  const others = workers.filter((worker) => worker !== victim);
  const drawn = random.uniform();
  if (drawn < 0.06 && workers.length < 6) return [...workers, start(fleet, random)];
  if (!victim) return [...workers];
  if (drawn < 0.1) {
    victim.mortal.die();
    return others;
  }
  if (drawn < 0.13) {
    await victim.stop();
    return others;
  }
  if (drawn < 0.18) victim.pause(random.int(1_000, 40_000));
  if (drawn >= 0.18 && drawn < 0.24) await reshard(fleet, random);
  if (drawn >= 0.24 && drawn < 0.27) fleet.clock.jumpWallClock(random.int(-600_000, 600_000));
  if (drawn >= 0.27 && drawn < 0.3) {
    fleet.takeAway(random.pick(dependencies), random.int(1_000, 40_000));
  }
  if (drawn >= 0.3 && drawn < 0.33 && fleet.recover === 'replay') await fleet.damageSnapshot();
  return [...workers];
}

async function reshard(fleet: Fleet, random: SeededRandom): Promise<void> {
  const open = await fleet.openShards();
  if (open.length <= 8 && random.chance(0.6)) return fleet.split(random.pick(open));
  const adjacent = await fleet.adjacentShards();
  if (adjacent.length > 0) await fleet.merge(...random.pick(adjacent));
}

/** Confirms every checkpoint, and forgets some. */
function loseWrites(fleet: Fleet): void {
  const random = fleet.random.fork('lies');
  const checkpoint = fleet.leases.checkpoint.bind(fleet.leases);
  fleet.leases.checkpoint = async (held, next) => {
    const written = await checkpoint(held, next);
    // Without its number, or it would be seen that it comes too late.
    const before = { ...held.checkpoint, number: undefined };
    if (written && random.chance(0.2)) await checkpoint(written, before);
    return written;
  };
}

/** In words; nothing when all is well. */
export async function whatIsWrong({ fleet, workers }: Outcome): Promise<readonly string[]> {
  const wrong = [...fleet.faults, ...fleet.failures.map(String)];
  try {
    for (const [what, count] of Object.entries(await misrecorded(fleet))) {
      if (count !== 0) wrong.push(`${count} records ${what}`);
    }
  } catch (error) {
    // A checkpoint names a snapshot that is not there.
    wrong.push(String(error));
  }
  const loads = await fleet.loads();
  const counts = workers.map(({ owner }) => loads.get(owner) ?? 0);
  if (Math.max(...counts) - Math.min(...counts) > 1) wrong.push(`loads ${counts.join(' ')}`);
  const held = counts.reduce((sum, count) => sum + count, 0);
  const openCount = (await fleet.openShards()).length;
  if (held !== openCount) wrong.push(`${held} of ${openCount} shards held`);
  return wrong;
}

/** What the final states got wrong. A producer's order is that of the numbers in the names. */
async function misrecorded(fleet: Fleet) {
  const names = await fleet.recorded();
  const unique = new Set(names);
  let outOfOrder = 0;
  const lastOfKey = new Map<string, number>();
  for (const name of names) {
    const [key = '', number = ''] = name.split('/');
    const last = lastOfKey.get(key) ?? 0;
    if (Number(number) < last) outOfOrder += 1;
    lastOfKey.set(key, Number(number));
  }
  return {
    missing: fleet.putCount - unique.size,
    'recorded twice': names.length - unique.size,
    'out of order': outOfOrder,
  };
}
