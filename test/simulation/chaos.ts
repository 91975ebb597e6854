import type { Mortal } from './mortal.ts';
import { rawStream, resultsStream, World, type ServiceName, type WorldOptions } from './world.ts';

/** The services that crash and are started again. */
export const services: readonly ServiceName[] = ['aggregator', 'upsert-writer'];

/** Everything at once, from one seed: crashes, zombies, faults of every call, and reshards. */
export async function chaos(options: WorldOptions): Promise<World> {
  const world = new World({
    ...options,
    faults: {
      throttle: 0.03,
      fail: 0.02,
      loseReply: 0.03,
      partial: 0.1,
      duplicate: 0.05,
      delay: 0.1,
      delayMsMax: 2_000,
    },
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
