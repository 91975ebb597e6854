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
// Timestream; the rows are recomputed by other code. `HW_SIM_SEED` chooses the schedule, and
// `HW_FLEET_STEPS=240` makes two minutes of it.

type Service = ServiceWorker['service'];

const seed = process.env['HW_SIM_SEED'] ?? 'service-fleet';
const steps = Number(process.env['HW_FLEET_STEPS'] ?? 40);

async function expectRows(fleet: ServiceFleet, workers: readonly ServiceWorker[]): Promise<void> {
  const text = (rows: ReadonlyMap<string, string>) => JSON.stringify([...rows]);
  const expected = await fleet.expected();
  expect(expected.size).toBeGreaterThan(20);
  const stored = await until(
    () => fleet.stored(),
    (rows) => text(rows) === text(expected),
  );
  const wrong = [...expected].filter(([key, value]) => stored.get(key) !== value);
  const logs = wrong.length > 0 ? workers.map((worker) => worker.output().slice(-2_000)) : [];
  expect({ seed, wrong: wrong.slice(0, 5), logs }).toEqual({ seed, wrong: [], logs: [] });
  expect(stored.size).toBe(expected.size);
}

/** Splits or merges a shard of one of the streams, by the API, as an operator would. */
async function reshard(fleet: ServiceFleet, random: SeededRandom): Promise<Happening> {
  const stream = random.pick([rawStream, resultsStream]);
  const open = await fleet.openShards(stream);
  const [left, right] = open;
  const isFull = open.length > 3;
  if (!left || !right || !(await fleet.isActive(stream))) return 'nothing';
  if (isFull || random.chance(0.3)) {
    await fleet.merge(stream, left, right);
    return 'merge';
  }
  await fleet.split(stream, left);
  return 'split';
}

type Happening = 'kill' | 'stop' | 'split' | 'merge' | 'nothing';

/** A fleet to which things happen: processes die and are replaced, stand still, go on. */
class Ordeal {
  workers: readonly ServiceWorker[];
  readonly happened: Happening[] = [];
  readonly #fleet: ServiceFleet;
  readonly #random: SeededRandom;
  #stopped: { readonly worker: ServiceWorker; readonly untilStep: number } | undefined;

  constructor(fleet: ServiceFleet, random: SeededRandom, services: readonly Service[]) {
    this.#fleet = fleet;
    this.#random = random;
    this.workers = services.map((service) => fleet.start(service));
  }

  async step(step: number): Promise<void> {
    if (this.#stopped && step >= this.#stopped.untilStep) this.resume();
    const drawn = this.#random.uniform();
    const victim = this.#random.pick(this.workers);
    if (drawn < 0.1 && victim !== this.#stopped?.worker) await this.#kill(victim);
    else if (drawn < 0.2 && !this.#stopped) this.#stop(victim, step);
    // While one is dead or stands still, too.
    if (this.#random.chance(0.2)) this.happened.push(await reshard(this.#fleet, this.#random));
  }

  resume(): void {
    this.#stopped?.worker.kill('SIGCONT');
    this.#stopped = undefined;
  }

  async #kill(victim: ServiceWorker): Promise<void> {
    victim.kill('SIGKILL');
    await victim.exited;
    const others = this.workers.filter((worker) => worker !== victim);
    this.workers = [...others, this.#fleet.start(victim.service)];
    this.happened.push('kill');
  }

  /** Longer than a lease: when it wakes, others have its shards. */
  #stop(worker: ServiceWorker, step: number): void {
    worker.kill('SIGSTOP');
    this.#stopped = { worker, untilStep: step + 12 };
    this.happened.push('stop');
  }
}

describe('several workers of each service', () => {
  it(
    'end with the right rows despite kills, pauses, and reshards',
    { timeout: 600_000 + steps * 10_000 },
    async () => {
      const random = new SeededRandom(seed);
      await using fleet = await startServiceFleet({ raw: 3, results: 2 });
      const services = ['aggregator', 'aggregator', 'aggregator', 'upsert-writer', 'upsert-writer'];
      const ordeal = new Ordeal(fleet, random, services as readonly Service[]);
      for (let step = 0; step < steps; step++) {
        await Promise.all([fleet.feed(random, 40), systemClock.sleep(500)]);
        await ordeal.step(step);
      }
      ordeal.resume();
      expect(ordeal.happened).toEqual(expect.arrayContaining(['kill', 'stop', 'split', 'merge']));
      await expectRows(fleet, ordeal.workers);
    },
  );

  // A clean hand-over repeats nothing: what all processes of a service have processed together is what
  // the stream has, record for record. A kill may repeat what came since the last checkpoint.
  it('are restarted one after another under load, and no record is delivered twice', async () => {
    const random = new SeededRandom(seed);
    // Nobody dies here: a lease that lasts keeps a machine that is short of time out of the figures.
    const settings = { HW_LEASES_DURATION_MS: '30000' };
    await using fleet = await startServiceFleet({ raw: 3, results: 2 }, { settings });
    const services = ['aggregator', 'aggregator', 'upsert-writer', 'upsert-writer'] as const;
    const workers = services.map((service) => fleet.start(service));
    const all = [...workers];
    let putCount = 0;
    const feed = async (count: number) => {
      for (let step = 0; step < count; step++) {
        putCount += await fleet.feed(random, 20);
        await systemClock.sleep(500);
      }
    };
    await Promise.all([...workers.map(isReading), feed(12)]);
    for (const [index, worker] of [...workers].entries()) {
      worker.kill('SIGTERM');
      const [code] = await Promise.all([worker.exited, feed(4)]);
      expect(code).toBe(0);
      const next = fleet.start(worker.service);
      workers[index] = next;
      all.push(next);
      await Promise.all([isReading(next), feed(4)]);
    }
    await expectRows(fleet, workers);
    // In the order of the stream, or the last markers of the ones would not reach the others.
    await stopAll(workers, 'aggregator');
    expect(processedBy(all, 'aggregator')).toBe(putCount);
    const resultsCount = await fleet.recordsCount(resultsStream);
    await until(
      () => receivedBy(all, 'upsert-writer'),
      (count) => count >= resultsCount,
    );
    await stopAll(workers, 'upsert-writer');
    expect(processedBy(all, 'upsert-writer')).toBe(resultsCount);
  });
});

function isReading(worker: ServiceWorker): Promise<string> {
  return until(
    async () => worker.output(),
    (output) => output.includes('Acquired the lease.'),
  );
}

async function stopAll(workers: readonly ServiceWorker[], service: string): Promise<void> {
  const stopped = workers.filter((worker) => worker.service === service);
  for (const worker of stopped) worker.kill('SIGTERM');
  const codes = await Promise.all(stopped.map(({ exited }) => exited));
  expect(codes).toEqual(stopped.map(() => 0));
}

/** How many records the processes of a service have processed in all their lives; NaN while one lives. */
function processedBy(workers: readonly ServiceWorker[], service: string): number {
  const ends = workers
    .filter((worker) => worker.service === service)
    .map((worker) => worker.logged('Stopped reading the stream.'));
  return ends.reduce((sum, [end]) => sum + Number(end?.fields['recordsCount']), 0);
}

/** As `processedBy`, while some live. */
async function receivedBy(workers: readonly ServiceWorker[], service: string): Promise<number> {
  const counts = workers
    .filter((worker) => worker.service === service)
    .map(async (worker) => {
      const [end] = worker.logged('Stopped reading the stream.');
      if (end) return Number(end.fields['recordsCount']);
      const total = /^highwater_records_received_total (\d+)$/m.exec(await worker.metrics());
      return Number(total?.[1] ?? 0);
    });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}
