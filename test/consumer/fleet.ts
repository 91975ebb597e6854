import { defineConsumerMetrics, runConsumer, type ConsumerReading } from '@highwater/kinesis';
import type { Batch, Clock, OutgoingRecord, ShardProcessor } from '@highwater/model';
import {
  encodeAggregate,
  FaultPlan,
  MemoryKinesis,
  MemoryLeaseStore,
  MemoryStateStore,
  SeededRandom,
  SimulatedClock,
  withFaults,
  silentLogger,
  type FaultRates,
} from '@highwater/testkit';
import { Registry } from 'prom-client';
import { Away, Letters } from '../../packages/kinesis/test/fixtures.ts';
import { Mortal } from '../simulation/mortal.ts';
import { faultyLeases, LeaseWatch, type LeaseFaultRates } from './faulty-leases.ts';
import { faultyStates } from './faulty-states.ts';

export const stream = 'points';

export const sharing = { durationMs: 10_000, intervalMs: 1_000 };

const timing = {
  batchRecordsMax: 20,
  readIntervalMs: 200,
  pollIntervalMs: 500,
  idleAfterMs: 3_000,
  checkpointIntervalMs: 3_000,
  shardSyncIntervalMs: 10_000,
};

/** A processor waits no longer for a sink that is away. */
const giveUpAfterMs = 20_000;

const noLeaseFaults: LeaseFaultRates = { late: 0, lateMsMax: 1, refuted: 0 };

/** Dependencies of a worker, each with its own faults. */
export const dependencies = ['stream', 'leases', 'states'] as const;
export type Dependency = (typeof dependencies)[number];

/** One worker of a fleet, as the world outside sees it. */
export interface Worker {
  readonly owner: string;
  readonly mortal: Mortal;
  /** What it exports. */
  readonly registry: Registry;
  /** SIGTERM: resolves when it has drained. */
  readonly stop: () => Promise<void>;
  /** SIGSTOP and SIGCONT: the worker does nothing in between. */
  readonly pause: (durationMs: number) => void;
}

/** Deviations of a worker from the usual. */
export interface WorkerChanges {
  readonly onBatch?: (batch: Batch) => Promise<void>;
  readonly read?: ConsumerReading;
}

/**
 * The effect of a record on its processor: some throw, some only sometimes, and some end the
 * process.
 */
export type Poison = 'throws' | 'throws_twice' | 'kills';

/** Shares of the records that are put, and how many at most. */
export interface PoisonRates {
  readonly throws: number;
  readonly throwsTwice: number;
  readonly kills: number;
  readonly killsMax: number;
}

/** A record that was processed: where, and by whom. */
export interface Processed {
  readonly name: string;
  readonly owner: string;
  readonly shardId: string;
}

/**
 * Workers of one service that share the shards of one stream, on simulated time. Each processor
 * keeps in its snapshot what it has read, so that state and position can be held against each other.
 */
export class Fleet {
  readonly clock = new SimulatedClock();
  readonly random: SeededRandom;
  readonly kinesis = new MemoryKinesis(serviceClock(this.clock));
  readonly leases = new MemoryLeaseStore();
  readonly states = new MemoryStateStore();
  readonly letters = new Letters();
  readonly failures: unknown[] = [];
  /** How workers handle a lost snapshot. Rebuilding would hide that none should have been lost. */
  recover: 'refuse' | 'replay' = 'refuse';
  readonly #watch = new LeaseWatch(this.leases);
  readonly #leaseRates: LeaseFaultRates;
  /** Every record that was processed, with who did it, in the order in which it was done. */
  readonly processed: Processed[] = [];
  /** Names of the records that cannot be processed as they should. */
  readonly poison = new Map<string, Poison>();
  poisonRates: PoisonRates | undefined;
  readonly #poisonRandom: SeededRandom;
  readonly #throwsCount = new Map<string, number>();
  #sinkAwayToMs = 0;
  readonly #rates: FaultRates;
  readonly #plans: Readonly<Record<Dependency, FaultPlan>>;
  #workersCount = 0;
  #namesCount = 0;

  constructor(seed: string, rates: FaultRates = {}, leaseRates: LeaseFaultRates = noLeaseFaults) {
    this.random = new SeededRandom(seed);
    this.#leaseRates = leaseRates;
    this.#rates = rates;
    this.#poisonRandom = this.random.fork('poison');
    const plan = (of: Dependency) => new FaultPlan(this.random.fork(`faults of ${of}`), rates);
    this.#plans = { stream: plan('stream'), leases: plan('leases'), states: plan('states') };
  }

  /** Events that must not happen, as seen by the fleet. */
  get faults(): readonly string[] {
    return this.#watch.faults;
  }

  get putCount(): number {
    return this.#namesCount;
  }

  heal(): void {
    for (const plan of Object.values(this.#plans)) plan.heal();
  }

  /** Makes every call to a dependency fail for this long. */
  takeAway(dependency: Dependency, durationMs: number): void {
    const plan = this.#plans[dependency];
    plan.change({ ...this.#rates, fail: 1 });
    void this.clock.sleep(durationMs).then(() => {
      if (plan.rates.fail !== undefined) plan.change(this.#rates);
    });
  }

  /** The sink does not answer for this long, and processors give up after a while. */
  takeSinkAway(durationMs: number): void {
    this.#sinkAwayToMs = this.clock.monotonicMs() + durationMs;
  }

  /** Spoils the last snapshot of a shard that is still read, as a bad disk would. */
  async damageSnapshot(): Promise<void> {
    const states = (await this.leases.list()).flatMap(({ checkpoint }) =>
      checkpoint.position.type === 'SHARD_END' ? [] : (checkpoint.state ?? []),
    );
    if (states.length > 0) this.states.damage(this.random.pick(states).key);
  }

  start(changes: WorkerChanges = {}): Worker {
    this.#workersCount += 1;
    const owner = `worker-${this.#workersCount}`;
    const mortal = new Mortal();
    const registry = new Registry();
    const random = this.random.fork(owner);
    const stop = new AbortController();
    const clock = mortal.clock(this.clock);
    const running = runConsumer(
      {
        api: mortal.port(withFaults(this.kinesis, this.#plans.stream, clock)),
        stream,
        leases: mortal.port(
          faultyLeases(this.#watch.watched(), {
            plan: this.#plans.leases,
            random: random.fork('leases'),
            rates: this.#leaseRates,
            clock,
            network: this.clock,
          }),
        ),
        states: mortal.port(
          faultyStates(this.states, {
            plan: this.#plans.states,
            random: random.fork('states'),
            rates: this.#leaseRates,
            clock,
            network: this.clock,
          }),
        ),
        recover: this.recover,
        owner,
        sharing,
        start: { type: 'TRIM_HORIZON' },
        timing,
        read: changes.read,
        createProcessor: (shardId) => this.#processor({ owner, shardId }, mortal, changes.onBatch),
        deadLetters: mortal.port(this.letters),
        stage: 'fleet',
        clock,
        log: silentLogger,
        metrics: defineConsumerMetrics(registry),
        random: () => random.uniform(),
      },
      stop.signal,
    );
    let isStopped = false;
    running
      .catch((error: unknown) => {
        // A sink that is away ends the process, and no more.
        if (!(error instanceof Away)) this.failures.push(error);
        mortal.die();
      })
      .finally(() => {
        isStopped = true;
      });
    return {
      owner,
      mortal,
      registry,
      pause: (durationMs) => {
        mortal.pauseTo(this.clock.monotonicMs() + durationMs);
      },
      stop: async () => {
        stop.abort(new Error('stopping'));
        await this.clock.runUntil(() => isStopped || mortal.isDead, 120_000);
      },
    };
  }

  async put(count: number): Promise<void> {
    const records = Array.from({ length: count }, () =>
      this.#nextRecord(`key-${this.random.int(0, 20)}`),
    );
    await this.kinesis.putRecords(stream, records);
  }

  /** Puts records of one key, packed in one: more than a worker takes in a batch, now and then. */
  async putPacked(): Promise<void> {
    const partitionKey = `key-${this.random.int(0, 20)}`;
    const records = Array.from({ length: this.random.int(1, 60) }, () =>
      this.#nextRecord(partitionKey),
    );
    await this.kinesis.putRecords(stream, [{ partitionKey, data: encodeAggregate(records) }]);
  }

  #nextRecord(partitionKey: string): OutgoingRecord {
    this.#namesCount += 1;
    const name = `${partitionKey}/${this.#namesCount}`;
    const poison = this.#drawPoison();
    if (poison) this.poison.set(name, poison);
    return { partitionKey, data: Buffer.from(name) };
  }

  #drawPoison(): Poison | undefined {
    if (!this.poisonRates) return undefined;
    const { throws, throwsTwice, kills, killsMax } = this.poisonRates;
    const drawn = this.#poisonRandom.uniform();
    if (drawn < throws) return 'throws';
    if (drawn < throws + throwsTwice) return 'throws_twice';
    const killsCount = [...this.poison.values()].filter((kind) => kind === 'kills').length;
    return drawn < throws + throwsTwice + kills && killsCount < killsMax ? 'kills' : undefined;
  }

  /** The effect of processing a record, before anything is done with it. */
  async #suffer(name: string, mortal: Mortal): Promise<void> {
    const poison = this.poison.get(name);
    if (poison === undefined) return;
    if (poison === 'kills') {
      mortal.die();
      await new Promise(() => undefined);
    }
    const count = (this.#throwsCount.get(name) ?? 0) + 1;
    this.#throwsCount.set(name, count);
    if (poison === 'throws' || count <= 2) throw new TypeError(`cannot process ${name}`);
  }

  async #useSink(clock: Clock): Promise<void> {
    const waitMs = this.#sinkAwayToMs - clock.monotonicMs();
    if (waitMs <= 0) return;
    await clock.sleep(Math.min(waitMs, giveUpAfterMs));
    if (waitMs > giveUpAfterMs) throw new Away('the sink does not answer');
  }

  async openShards(): Promise<readonly string[]> {
    await this.clock.settle();
    return this.kinesis.account.stream(stream).openShards.map(({ shardId }) => shardId);
  }

  /** Pairs of open shards that can be merged. */
  async adjacentShards(): Promise<readonly (readonly [string, string])[]> {
    await this.clock.settle();
    const open = this.kinesis.account
      .stream(stream)
      .openShards.toSorted((a, b) => (a.range.start < b.range.start ? -1 : 1));
    return open.slice(1).map((shard, index) => [open[index]?.shardId ?? '', shard.shardId]);
  }

  async split(shardId: string): Promise<void> {
    const { range } = this.kinesis.account
      .stream(stream)
      .openShards.find((shard) => shard.shardId === shardId) as {
      range: { start: bigint; end: bigint };
    };
    const middle = ((range.start + range.end) / 2n).toString();
    await this.kinesis.account.splitShard(stream, shardId, middle);
  }

  async merge(shardId: string, adjacentShardId: string): Promise<void> {
    await this.kinesis.account.mergeShards(stream, shardId, adjacentShardId);
  }

  /** How many of the readable shards each worker has. */
  async loads(): Promise<ReadonlyMap<string | undefined, number>> {
    const loads = new Map<string | undefined, number>();
    for (const { owner, checkpoint } of await this.leases.list()) {
      if (checkpoint.position.type === 'SHARD_END') continue;
      loads.set(owner, (loads.get(owner) ?? 0) + 1);
    }
    return loads;
  }

  /** The names in the final snapshots of all shards, parents before their children. */
  async recorded(): Promise<readonly string[]> {
    const names: string[] = [];
    const leases = (await this.leases.list()).toSorted((a, b) => (a.shardId < b.shardId ? -1 : 1));
    for (const { checkpoint } of leases) {
      if (!checkpoint.state) continue;
      const text = Buffer.from(await this.states.get(checkpoint.state)).toString();
      names.push(...text.split('\n').filter((name) => name !== ''));
    }
    return names;
  }

  #processor(
    where: { readonly owner: string; readonly shardId: string },
    mortal: Mortal,
    onBatch: ((batch: Batch) => Promise<void>) | undefined,
  ): ShardProcessor {
    const { processed } = this;
    const clock = mortal.clock(this.clock);
    let names: string[] = [];
    return {
      async open({ ownSnapshot }) {
        names = ownSnapshot ? Buffer.from(ownSnapshot).toString().split('\n') : [];
      },
      process: async (batch) => {
        await onBatch?.(batch);
        await this.#useSink(clock);
        for (const { data } of batch.records) {
          const name = Buffer.from(data).toString();
          await this.#suffer(name, mortal);
          names.push(name);
          processed.push({ name, ...where });
        }
      },
      async tick() {},
      snapshot: () => ({ state: Buffer.from(names.join('\n')) }),
      async committed() {},
      async close() {},
    };
  }
}

/** The service has a clock of its own, whose wall time does not jump with that of the workers. */
function serviceClock(clock: SimulatedClock): Clock {
  const startMs = clock.nowMs() - clock.monotonicMs();
  return {
    nowMs: () => startMs + clock.monotonicMs(),
    monotonicMs: () => clock.monotonicMs(),
    sleep: (durationMs, signal) => clock.sleep(durationMs, signal),
  };
}
