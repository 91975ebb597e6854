import { describe, expect, it } from 'vitest';
import { nameOf } from '../../packages/kinesis/test/fixtures.ts';
import { chaos, whatIsWrong } from './chaos.ts';
import { Fleet, stream, type Worker } from './fleet.ts';

// Goal: whatever happens to workers, calls, shards, and sinks, every processable record is in the
// final state once and in the order of its key, and every other record has its letters from one
// place. All workers skip the same records, and none because of events at a worker or a store.
// Method: the fleet of `chaos.sim.test.ts`, with records on which processors throw once or twice,
// or which end their process, and a sink that is unavailable for up to a minute.

const schedulesCount = Number(process.env['HW_SIM_SCHEDULES'] ?? 2_000) / 10;
const perTest = 20;
const seedGroups = process.env['HW_SIM_SEED']
  ? [[process.env['HW_SIM_SEED']]]
  : Array.from({ length: Math.ceil(schedulesCount / perTest) }, (_, group) =>
      Array.from({ length: perTest }, (_none, index) => `poison-${group * perTest + index}`),
    );

describe('a fleet with records that cannot be processed', () => {
  it.each(seedGroups.map((seeds) => ({ seeds, first: seeds[0], last: seeds.at(-1) })))(
    'seeds $first to $last: sets aside those records, and records every other once',
    async ({ seeds }) => {
      for (const seed of seeds) {
        const wrong = await whatIsWrong(await chaos(seed, { isPoisoned: true }));
        expect({ seed, wrong }).toEqual({ seed, wrong: [] });
      }
    },
  );

  // The test must be able to fail: here, decisions about records are lost with the worker that made
  // them.
  it('goes wrong in some seed when decisions are not stored with the checkpoint', async () => {
    for (let index = 0; index < 20; index++) {
      const changes = { isPoisoned: true, isForgetful: true };
      const wrong = await whatIsWrong(await chaos(`canary-${index}`, changes));
      if (wrong.length > 0) return;
    }
    expect.unreachable('twenty schedules went well');
  });

  it('sets aside a record that ends the process, after the same few deaths each time', async () => {
    const fleet = await fleetOf('deaths', 10);
    const [, second = ''] = await namesOf(fleet);
    fleet.poison.set(second, 'kills');
    let deaths = 0;
    for (let worker = fleet.start(); deaths < 20;) {
      await fleet.clock.advance(20_000);
      if (!worker.mortal.isDead) break;
      deaths += 1;
      worker = fleet.start();
    }
    // Two before it is watched, one to learn of the batch, and three alone.
    expect(deaths).toBe(6);
    expect(fleet.letters.names).toEqual([second]);
    expect(await fleet.recorded()).toHaveLength(9);
  });

  it('blames no record of another shard that the same process reads', async () => {
    const fleet = await fleetOf('neighbours', 40, 3);
    const [, second = ''] = await namesOf(fleet);
    fleet.poison.set(second, 'kills');
    for (let worker = fleet.start(), deaths = 0; deaths < 20; deaths++) {
      await fleet.clock.advance(20_000);
      if (!worker.mortal.isDead) break;
      worker = fleet.start();
    }
    expect(fleet.letters.names).toEqual([second]);
    expect(await fleet.recorded()).toHaveLength(39);
  });

  it('sets nothing aside when workers are killed repeatedly while their sink is unavailable', async () => {
    const fleet = await fleetOf('away', 10);
    fleet.takeSinkAway(900_000);
    for (let life = 0; life < 30; life++) {
      const worker = fleet.start();
      // A lease's duration, and then a little: it waits for its sink by then.
      await fleet.clock.advance(15_000);
      worker.mortal.die();
    }
    await fleet.clock.advance(900_000);
    await settled(fleet, fleet.start());
    expect(fleet.letters.names).toEqual([]);
    expect(await fleet.recorded()).toHaveLength(10);
  });

  it('sets nothing aside when a shard is handed over repeatedly while it is read', async () => {
    const fleet = await fleetOf('handed', 10);
    for (let life = 0; life < 20; life++) {
      const worker = fleet.start({ onBatch: () => fleet.clock.sleep(1_500) });
      await fleet.clock.advance(2_000);
      await worker.stop();
    }
    await settled(fleet, fleet.start());
    expect(fleet.letters.names).toEqual([]);
    expect(await fleet.recorded()).toHaveLength(10);
  });
});

/** A fleet with so many records, and one shard unless there should be more. */
async function fleetOf(seed: string, count: number, shards = 1): Promise<Fleet> {
  const fleet = new Fleet(seed);
  await fleet.kinesis.create(stream, shards);
  await fleet.clock.advance(1_000);
  await fleet.put(count);
  return fleet;
}

async function settled(fleet: Fleet, worker: Worker): Promise<void> {
  await fleet.clock.advance(60_000);
  expect(worker.mortal.isDead).toBe(false);
}

async function namesOf({ kinesis }: Fleet): Promise<readonly string[]> {
  const [shard] = await kinesis.listShards(stream);
  const shardId = shard?.shardId ?? '';
  const position = { type: 'TRIM_HORIZON' } as const;
  const iterator = await kinesis.getIterator({ stream, shardId, position });
  const { records } = await kinesis.getRecords({ iterator, limit: 100 });
  return records.map(nameOf);
}
