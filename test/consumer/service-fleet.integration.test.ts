import { systemClock } from '@highwater/service';
import { SeededRandom } from '@highwater/testkit';
import { describe, expect, it } from 'vitest';
import { until } from '../end-to-end/local-pipeline.ts';
import {
  rawStream,
  resultsStream,
  startServiceFleet,
  type ServiceFleet,
  type ServiceWorker,
} from './service-fleet.ts';

// Goal: any number of workers of each service, killed, paused, drained and resharded under load, end
// with the rows that the raw stream makes. Method: real processes over a local Kinesis, DynamoDB and
// Timestream; the rows are recomputed by other code. `HW_SIM_SEED` chooses the schedule.

const seed = process.env['HW_SIM_SEED'] ?? 'service-fleet';
const steps = Number(process.env['HW_FLEET_STEPS'] ?? 40);

async function expectRows(fleet: ServiceFleet, workers: readonly ServiceWorker[]): Promise<void> {
  const text = (rows: ReadonlyMap<string, string>) => JSON.stringify([...rows]);
  const expected = await fleet.expected();
  expect(expected.size).toBeGreaterThan(20);
  const stored = await until(
    () => fleet.stored(),
    (rows) => text(rows) === text(expected),
    60_000,
  );
  const wrong = [...expected].filter(([key, value]) => stored.get(key) !== value);
  const logs = wrong.length > 0 ? workers.map((worker) => worker.output().slice(-2_000)) : [];
  expect({ seed, wrong: wrong.slice(0, 5), logs }).toEqual({ seed, wrong: [], logs: [] });
  expect(stored.size).toBe(expected.size);
}

async function reshard({ account }: ServiceFleet, random: SeededRandom): Promise<void> {
  const name = random.pick([rawStream, resultsStream]);
  const open = account
    .stream(name)
    .openShards.toSorted((a, b) => (a.range.start < b.range.start ? -1 : 1));
  const [left, right] = open;
  if (!left || account.stream(name).status !== 'ACTIVE') return;
  if (right && open.length > 3) {
    await account.mergeShards(name, left.shardId, right.shardId);
  } else {
    const middle = (left.range.start + left.range.end) / 2n;
    await account.splitShard(name, left.shardId, middle.toString());
  }
}

describe('several workers of each service', () => {
  it(
    'end with the right rows through kills, pauses and reshards',
    { timeout: 240_000 },
    async () => {
      const random = new SeededRandom(seed);
      await using fleet = await startServiceFleet({ raw: 3, results: 2 });
      const services = ['aggregator', 'aggregator', 'aggregator', 'upsert-writer', 'upsert-writer'];
      let workers = services.map((service) => fleet.start(service as ServiceWorker['service']));
      for (let step = 0; step < steps; step++) {
        await fleet.feed(random, 40);
        await systemClock.sleep(500);
        const drawn = random.uniform();
        const victim = random.pick(workers);
        if (drawn < 0.08) {
          victim.kill('SIGKILL');
          await victim.exited;
          workers = [...workers.filter((worker) => worker !== victim), fleet.start(victim.service)];
        } else if (drawn < 0.16) {
          victim.kill('SIGSTOP');
          // Longer than a lease: when it wakes, others have its shards.
          await Promise.all([systemClock.sleep(6_000), fleet.feed(random, 40)]);
          victim.kill('SIGCONT');
        } else if (drawn < 0.3) {
          await reshard(fleet, random);
        }
      }
      await expectRows(fleet, workers);
    },
  );

  it('drain one after the other under load, and lose nothing', { timeout: 240_000 }, async () => {
    const random = new SeededRandom(seed);
    await using fleet = await startServiceFleet({ raw: 3, results: 2 });
    const services = ['aggregator', 'aggregator', 'upsert-writer', 'upsert-writer'] as const;
    const workers = services.map((service) => fleet.start(service));
    const feed = async (count: number) => {
      for (let step = 0; step < count; step++) {
        await fleet.feed(random, 20);
        await systemClock.sleep(500);
      }
    };
    const isReading = (worker: ServiceWorker) =>
      until(
        async () => worker.output(),
        (output) => output.includes('Lease acquired.'),
      );
    await Promise.all([...workers.map(isReading), feed(12)]);
    for (const [index, worker] of [...workers].entries()) {
      worker.kill('SIGTERM');
      const [code] = await Promise.all([worker.exited, feed(4)]);
      expect(code).toBe(0);
      const next = fleet.start(worker.service);
      workers[index] = next;
      await Promise.all([isReading(next), feed(4)]);
    }
    await expectRows(fleet, workers);
  });
});
