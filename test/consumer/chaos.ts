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

const poisonRates = { throws: 0.015, throwsTwice: 0.01, kills: 0.004, killsMax: 3 };

/** Deviations of a schedule from the usual. */
export interface ChaosChanges {
  /** The lease table confirms checkpoints and forgets them. */
  readonly isLying?: boolean;
  /** The lease table forgets all decisions about records. */
  readonly isForgetful?: boolean;
  /** Some records cannot be processed, and the sink is unavailable at times. */
  readonly isPoisoned?: boolean;
}

/** Longer than a lost lease and a stuck owner take together. */
const restMsMax = 180_000;
/** Longer than it takes to learn which records end the process, each after six deaths or more. */
const poisonedRestMsMax = 1_800_000;
const restMs = 10_000;

/** Runs one schedule of a fleet to rest, and leaves its last workers running. */
export async function chaos(seed: string, changes: ChaosChanges = {}): Promise<Outcome> {
  const { isLying = false, isPoisoned = false } = changes;
  const fleet = new Fleet(seed, rates, leaseRates);
  const random = fleet.random.fork('events');
  if (changes.isForgetful === true) forgetDecisions(fleet);
  if (fleet.random.fork('recover').chance(0.5)) fleet.recover = 'replay';
  await fleet.kinesis.create(stream, random.int(1, 4));
  await fleet.clock.advance(1_000);
  if (isLying) loseWrites(fleet);
  if (isPoisoned) fleet.poisonRates = poisonRates;
  let workers = Array.from({ length: random.int(1, 3) }, () => start(fleet, random));
  for (let step = 0; step < 60; step++) {
    if (random.chance(0.1)) await fleet.putPacked();
    else await fleet.put(random.int(0, 6));
    await fleet.clock.advance(random.int(100, 2_500));
    if (isPoisoned) workers = restart(fleet, workers, random);
    workers = await disturb(fleet, workers, random);
    if (isPoisoned && random.chance(0.03)) fleet.takeSinkAway(random.int(1_000, 60_000));
  }
  fleet.heal();
  if (workers.length === 0) workers.push(start(fleet, random));
  const outcome = { fleet, workers };
  const forMs = isPoisoned ? poisonedRestMsMax : restMsMax;
  for (let passedMs = 0; passedMs < forMs; passedMs += restMs) {
    await fleet.clock.advance(restMs);
    if (isPoisoned) workers.splice(0, Infinity, ...restart(fleet, workers, random));
    if ((await whatIsWrong(outcome)).length === 0) break;
  }
  return outcome;
}

/** Acts like a supervisor for each process that has ended by itself. */
function restart(fleet: Fleet, workers: readonly Worker[], random: SeededRandom): Worker[] {
  return workers.map((worker) => (worker.mortal.isDead ? start(fleet, random) : worker));
}

/** Some sinks are slow: longer than a lease, now and then. */
function slowSink(fleet: Fleet, name: string): { readonly onBatch: () => Promise<void> } {
  const random = fleet.random.fork(name);
  return {
    onBatch: async () => {
      if (random.chance(0.05)) await fleet.clock.sleep(random.int(100, 15_000));
    },
  };
}

function start(fleet: Fleet, random: SeededRandom): Worker {
  const read = random.chance(0.5) ? { consumerName: 'fleet' } : undefined;
  const sink = slowSink(fleet, `sink ${random.uniform()}`);
  return fleet.start({ ...sink, ...(read && { read }) });
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
    // Without its number, because with it, the store would see that it is late.
    const before = { ...held.checkpoint, number: undefined };
    if (written && random.chance(0.2)) await checkpoint(written, before);
    return written;
  };
}

/** Keeps positions and snapshots, as a lease table would that does not know the rest. */
function forgetDecisions(fleet: Fleet): void {
  const checkpoint = fleet.leases.checkpoint.bind(fleet.leases);
  fleet.leases.checkpoint = (held, next) =>
    checkpoint(held, { ...next, setAside: undefined, suspects: undefined });
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
  wrong.push(...misjudged(fleet));
  const loads = await fleet.loads();
  const counts = workers.map(({ owner }) => loads.get(owner) ?? 0);
  if (Math.max(...counts) - Math.min(...counts) > 1) wrong.push(`loads ${counts.join(' ')}`);
  const held = counts.reduce((sum, count) => sum + count, 0);
  const openCount = (await fleet.openShards()).length;
  if (held !== openCount) wrong.push(`${held} of ${openCount} shards held`);
  return wrong;
}

/** The errors in the final states. A producer's order is that of the numbers in the names. */
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
  const isPassable = (name: string) => {
    const poison = fleet.poison.get(name);
    return poison === undefined || poison === 'throws_twice';
  };
  const passableCount =
    fleet.putCount - [...fleet.poison.keys()].filter((n) => !isPassable(n)).length;
  return {
    missing: passableCount - [...unique].filter(isPassable).length,
    'that cannot be processed': [...unique].filter((name) => !isPassable(name)).length,
    'recorded twice': names.length - unique.size,
    'out of order': outOfOrder,
  };
}

/** Records that are set aside, or not, and should not, or should be. */
function misjudged({ letters, poison }: Fleet): readonly string[] {
  const wrong: string[] = [];
  const placesOf = new Map<string, Set<string>>();
  for (const letter of letters.letters) {
    const name = Buffer.from(letter.payload).toString();
    const { shardId, sequenceNumber, subSequenceNumber = 0, reason } = letter;
    const places = placesOf.get(name) ?? new Set();
    placesOf.set(name, places.add(`${shardId}/${sequenceNumber}/${subSequenceNumber}`));
    const kind = poison.get(name);
    if (reason !== 'processing_failed' || kind === undefined || kind === 'throws_twice') {
      wrong.push(`${name} was set aside (${kind ?? 'good'}): ${letter.detail}`);
    }
  }
  for (const [name, kind] of poison) {
    const count = placesOf.get(name)?.size ?? 0;
    if (kind !== 'throws_twice' && count !== 1)
      wrong.push(`${name} (${kind}) has ${count} letters`);
  }
  return wrong;
}
