import type { SeededRandom } from '@highwater/testkit';
import type { Mortal } from './mortal.ts';
import { rawStream, resultsStream, World, type ServiceName, type WorldOptions } from './world.ts';

/** The services that hold state, crash and are started again. */
export const services: readonly ServiceName[] = ['aggregator', 'upsert-writer'];

/** Faults of calls. */
export const faults = {
  throttle: 0.03,
  fail: 0.02,
  loseReply: 0.03,
  partial: 0.1,
  duplicate: 0.05,
  delay: 0.1,
  delayMsMax: 2_000,
};

/** Shares of the puts, each from 0 to 1, after which something happens to a process or a stream. */
export interface ChaosRates {
  readonly crash: number;
  /** For up to 20 s. */
  readonly pause?: number | undefined;
  /** One more process of a service: where shards are not shared, the one before becomes a zombie. */
  readonly start?: number | undefined;
  readonly reshard: number;
}

/** The start of a schedule, and its events. */
export interface ChaosPlan {
  readonly pointsCount: number;
  /** Processes of each service at the start, at most. @default 1 */
  readonly processesMax?: number | undefined;
  readonly rates: ChaosRates;
  /** @default `services` */
  readonly services?: readonly ServiceName[] | undefined;
  /** When faults have ended: whether everything is as it must be. @default all rows are */
  readonly isSettled?: ((world: World) => Promise<boolean>) | undefined;
}

/** One process of each service, and zombies of it. */
const lonely: ChaosPlan = {
  pointsCount: 150,
  rates: { crash: 0.04, start: 0.03, reshard: 0.02 },
};

/** Everything at once, from one seed: crashes, pauses, zombies, faults of every call, and reshards. */
export async function chaos(options: WorldOptions, plan: ChaosPlan = lonely): Promise<World> {
  const { pointsCount, processesMax = 1, rates, services: running = services } = plan;
  const world = new World({ ...options, faults });
  const random = world.random.fork('events');
  const hazards = new Hazards(world, random, rates);
  await world.open(random.int(1, 4), random.int(1, 3));
  for (const service of running) {
    for (let count = random.int(1, processesMax); count > 0; count--) hazards.start(service);
  }
  await world.feed(pointsCount, { afterPut: () => hazards.strike() });
  await world.settle(plan.isSettled);
  return world;
}

/** Processes to which things happen, and a supervisor that starts again what dies. */
export class Hazards {
  readonly #world: World;
  readonly #random: SeededRandom;
  readonly #rates: ChaosRates;
  readonly #alive = new Map<Mortal, ServiceName>();

  constructor(world: World, random: SeededRandom, rates: ChaosRates) {
    this.#world = world;
    this.#random = random;
    this.#rates = rates;
  }

  start(service: ServiceName): void {
    const mortal = this.#world.start(service, undefined, () => {
      if (this.#alive.delete(mortal)) this.start(service);
    });
    this.#alive.set(mortal, service);
  }

  /** Ends every process of a service for good. */
  stop(service: ServiceName): void {
    for (const [mortal, of] of this.#alive) {
      if (of !== service) continue;
      this.#alive.delete(mortal);
      mortal.die();
    }
  }

  /** Lets happen what the rates say. */
  async strike(): Promise<void> {
    const [world, random, rates] = [this.#world, this.#random, this.#rates];
    const victim = random.pick([...this.#alive.keys()]);
    if (random.chance(rates.crash)) victim.die();
    else if (random.chance(rates.pause ?? 0)) {
      victim.pauseTo(world.clock.monotonicMs() + random.int(1_000, 20_000));
    }
    if (random.chance(rates.start ?? 0)) {
      this.start(random.pick([...new Set(this.#alive.values())]));
    }
    if (random.chance(rates.reshard)) await reshard(world, random);
  }
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
