import {
  createProducer,
  defineConsumerMetrics,
  defineProducerMetrics,
  runConsumer,
  type LeaseSharing,
  type LeaseStore,
} from '@highwater/kinesis';
import {
  decodeResultsRecord,
  encodeResultsLine,
  type Clock,
  type DeadLetter,
  type DeadLetters,
  type OutgoingRecord,
  type Progress,
  type ShardProcessor,
  type Store,
  type StoreAbilities,
} from '@highwater/model';
import {
  FaultPlan,
  faultyStore,
  MemoryKinesis,
  MemoryLeaseStore,
  MemoryStateStore,
  MemoryStore,
  MergingStore,
  SeededRandom,
  SimulatedClock,
  StoreUnavailableError,
  withFaults,
  silentLogger,
  type FaultRates,
  type SimulatedStore,
} from '@highwater/testkit';
import { parseViews, type View } from '@highwater/windowing';
import { Registry } from 'prom-client';
import { AggregatorProcessor } from '../../apps/aggregator/src/aggregator-processor.ts';
import { defineAggregatorMetrics } from '../../apps/aggregator/src/metrics.ts';
import { defineRawWriterMetrics } from '../../apps/raw-writer/src/metrics.ts';
import { RawWriterProcessor } from '../../apps/raw-writer/src/raw-writer-processor.ts';
import { defineUpsertWriterMetrics } from '../../apps/upsert-writer/src/metrics.ts';
import { UpsertProcessor } from '../../apps/upsert-writer/src/upsert-processor.ts';
import { faultyLeases, type LeaseFaultRates } from '../consumer/faulty-leases.ts';
import { Mortal, type Death } from './mortal.ts';
import { readShard } from '../read-shard.ts';
import {
  referenceRows,
  rowKey,
  type ReferenceRow,
  type ReferenceShard,
} from '../reference-rows.ts';

export const rawStream = 'raw';
export const resultsStream = 'results';

/** The services between the raw stream and the store. */
export type ServiceName = 'raw-writer' | 'aggregator' | 'upsert-writer';

/** Settings of the world's view and its aggregators. */
export const view = { sizeMs: 10_000, allowedLatenessMs: 20_000, outOfOrdernessMs: 1_000 };

export const windowMs = view.sizeMs;

const definition = {
  name: 'v',
  window: { tumbling: `${view.sizeMs}ms` },
  allowedLateness: `${view.allowedLatenessMs}ms`,
  aggregates: ['avg', 'count'],
};

/** Fields of a view that let the clock decide when rows are written. */
export const byTheClock = { early: '2s', late: { coalesce: '2s' } };

const timing = {
  batchRecordsMax: 20,
  readIntervalMs: 200,
  pollIntervalMs: 500,
  idleAfterMs: 3_000,
  checkpointIntervalMs: 2_000,
  shardSyncIntervalMs: 5_000,
};

/** How a world differs from a quiet one. */
export interface WorldOptions {
  readonly seed: string;
  readonly faults?: FaultRates | undefined;
  /** Further fields of the view; they must not change which rows there are. */
  readonly view?: Readonly<Record<string, unknown>> | undefined;
  /** @default 4 */
  readonly seriesCount?: number | undefined;
  /** Several processes of a service share its shards; without it, the last one takes them all. */
  readonly fleet?:
    { readonly sharing: LeaseSharing; readonly leaseRates: LeaseFaultRates } | undefined;
  /** Rows that an upsert-writer keeps open for a shard. @default 100,000 */
  readonly openRowsMax?: number | undefined;
  /** Records of one step of the input, instead of one point of a few series. */
  readonly input?: ((random: SeededRandom, nowMs: number) => readonly OutgoingRecord[]) | undefined;
  /** @default 900,000 */
  readonly maxFutureSkewMs?: number | undefined;
  /**
   * A checkpoint of an aggregator sends 64 markers, which is most of the cost of a schedule.
   * @default 2,000
   */
  readonly checkpointIntervalMs?: number | undefined;
  /** Resolves when a source shard may go on with a batch. */
  readonly source?: ((shardId: string) => Promise<void>) | undefined;
  /** Resolves when a source shard may be opened. */
  readonly opening?: ((shardId: string) => Promise<void>) | undefined;
  /** Progress markers as the upsert-writer reads them, for a canary. */
  readonly markers?: ((progress: Progress) => Progress) | undefined;
  /** The store as the upsert-writer sees it: a canary replaces what must hold by what must not. */
  readonly store?: ((store: Store, clock: SimulatedClock) => Store) | undefined;
}

/** The pipeline in one process on simulated time: real services, real consumer, streams in memory. */
export class World {
  readonly clock = new SimulatedClock();
  readonly random: SeededRandom;
  readonly kinesis: MemoryKinesis;
  readonly store: SimulatedStore;
  readonly rawStore: SimulatedStore;
  readonly letters: DeadLetter[] = [];
  readonly failures: unknown[] = [];
  readonly registries: Registry[] = [];
  readonly #options: WorldOptions;
  readonly #plan: FaultPlan;
  #leases = newLeases();
  #states = newStates();
  #views: readonly View[];
  #workers = 0;
  #fed = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.random = new SeededRandom(options.seed);
    this.kinesis = new MemoryKinesis(this.clock);
    this.store = newStore(options.seed, 'view rows');
    this.rawStore = newStore(options.seed, 'raw rows');
    this.#views = viewWith(options.view);
    this.#plan = new FaultPlan(this.random.fork('faults'), options.faults ?? {});
  }

  async open(rawShards: number, resultsShards: number): Promise<void> {
    await this.kinesis.create(rawStream, rawShards);
    await this.kinesis.create(resultsStream, resultsShards);
    await this.clock.advance(1_000);
  }

  /** Changes the view that processes compute which are started from now on. */
  useView(fields: NonNullable<WorldOptions['view']>): void {
    this.#views = viewWith(fields);
  }

  /** Lets the processes that are started from now on read their streams from the beginning. */
  forgetCheckpoints(): void {
    this.#leases = newLeases();
    this.#states = newStates();
  }

  /**
   * Starts a process of a service. It takes every shard, even from a running one, unless they
   * share.
   */
  start(service: ServiceName, death?: Death, onDeath?: () => void): Mortal {
    const mortal = new Mortal(death, onDeath);
    const clock = mortal.clock(this.clock);
    this.#workers += 1;
    const owner = `${service}-${this.#workers}`;
    const random = this.random.fork(owner);
    const api = mortal.port(withFaults(this.kinesis, this.#plan, clock));
    const registry = new Registry();
    this.registries.push(registry);
    const stop = new AbortController().signal;
    const ports = { clock, log: silentLogger, random: () => random.uniform() };
    const deadLetters = mortal.port(this.#deadLetters());
    const { maxFutureSkewMs = 900_000 } = this.#options;

    const createProcessor = (): ((shardId: string) => ShardProcessor) => {
      if (service === 'aggregator') {
        const metrics = defineAggregatorMetrics(registry);
        const producer = createProducer({
          ...ports,
          api,
          stream: resultsStream,
          metrics: defineProducerMetrics(registry),
        });
        return (shardId) => {
          const processor = new AggregatorProcessor({
            shardId,
            views: this.#views,
            outOfOrdernessMs: view.outOfOrdernessMs,
            maxFutureSkewMs,
            seriesMax: 1_000,
            windowsMax: 1_000,
            rowsMax: 100_000,
            putResults: (records) => producer.put(this.#withMarkers(records), stop),
            deadLetters,
            metrics,
            log: silentLogger,
          });
          const process = processor.process.bind(processor);
          processor.process = async (batch) => {
            await this.#options.source?.(shardId);
            await process(batch);
          };
          const open = processor.open.bind(processor);
          processor.open = async (start) => {
            await this.#options.opening?.(shardId);
            await open(start);
          };
          return processor;
        };
      }
      if (service === 'raw-writer') {
        const store = mortal.port(faultyStore(this.rawStore, this.#plan, clock));
        const metrics = defineRawWriterMetrics(registry);
        return () =>
          new RawWriterProcessor({
            store,
            maxFutureSkewMs,
            deadLetters,
            metrics,
            clock,
            signal: stop,
          });
      }
      const inner = this.#options.store?.(this.store, this.clock) ?? this.store;
      const store = mortal.port(faultyStore(inner, this.#plan, clock));
      const metrics = defineUpsertWriterMetrics(registry);
      return (shardId) =>
        new UpsertProcessor({
          ...ports,
          shardId,
          stream: resultsStream,
          views: this.#views,
          maxFutureSkewMs,
          openRowsMax: this.#options.openRowsMax ?? 100_000,
          fillAnchorsMax: 100_000,
          store,
          detectsConflicts: storeClassOf(this.#options.seed) === 'on_write',
          deadLetters,
          metrics,
          signal: stop,
        });
    };

    const running = runConsumer(
      {
        ...ports,
        api,
        stream: service === 'upsert-writer' ? resultsStream : rawStream,
        leases: mortal.port(this.#leasesOf(service, random, clock)),
        states: mortal.port(this.#states[service]),
        owner,
        sharing: this.#options.fleet?.sharing,
        start: { type: 'TRIM_HORIZON' },
        timing: {
          ...timing,
          checkpointIntervalMs: this.#options.checkpointIntervalMs ?? timing.checkpointIntervalMs,
        },
        createProcessor: createProcessor(),
        deadLetters,
        stage: service,
        metrics: defineConsumerMetrics(registry),
      },
      stop,
    );
    running.catch((error: unknown) => {
      this.failures.push(error);
      // A process that failed is started again, as its supervisor would.
      mortal.die();
    });
    return mortal;
  }

  /** A file that may be out of reach, with the letters of a call written or not. */
  #deadLetters(): DeadLetters {
    return {
      put: async (letters) => {
        const fault = this.#plan.nextFault();
        if (fault !== 'throttle') this.letters.push(...letters);
        if (fault === 'none') return;
        throw new StoreUnavailableError(`setting ${letters.length} letters aside: no answer`);
      },
    };
  }

  #withMarkers(records: readonly OutgoingRecord[]): readonly OutgoingRecord[] {
    const { markers } = this.#options;
    if (!markers) return records;
    return records.map((record) => {
      const [decoded] = decodeResultsRecord(record.data);
      if (!decoded?.ok || decoded.line.kind !== 'progress') return record;
      const line = { ...decoded.line, progress: markers(decoded.line.progress) };
      return { ...record, data: new TextEncoder().encode(encodeResultsLine(line)) };
    });
  }

  #leasesOf(service: ServiceName, random: SeededRandom, clock: Clock): LeaseStore {
    const { fleet } = this.#options;
    const leases = this.#leases[service];
    if (!fleet) return leases;
    const rates = fleet.leaseRates;
    return faultyLeases(leases, {
      plan: this.#plan,
      random: random.fork('leases'),
      rates,
      clock,
      network: this.clock,
    });
  }

  /** Puts points at random: in disorder, late, too late, twice, and any series in any shard. */
  async feed(count: number, events: FeedEvents = {}): Promise<void> {
    const random = this.random.fork(`input${this.#fed || ''}`);
    this.#fed += count;
    const { seriesCount = 4 } = this.#options;
    const input = this.#options.input ?? pointsOf(seriesCount);
    for (let index = 0; index < count; index++) {
      const explicitHashKey = events.hashKey?.();
      const records = input(random, this.clock.nowMs()).map((record) => ({
        ...record,
        explicitHashKey,
      }));
      const copies = random.chance(0.05) ? [...records, ...records] : records;
      await this.kinesis.putRecords(rawStream, copies);
      await this.clock.advance(random.int(0, 1_500));
      await events.afterPut?.(index);
    }
  }

  /** Ends the faults. */
  heal(): void {
    this.#plan.heal();
  }

  /** Ends the faults and lets time pass until the rows are as they must be, or for five minutes. */
  async settle(isSettled?: (world: World) => Promise<boolean>): Promise<void> {
    this.heal();
    const wanted = isSettled ? '' : JSON.stringify([...(await this.expected())]);
    for (let passedMs = 0; passedMs < 300_000; passedMs += 10_000) {
      await this.clock.advance(10_000);
      const isDone = isSettled
        ? await isSettled(this)
        : JSON.stringify([...this.actual()]) === wanted;
      if (isDone) break;
    }
    // They must stay so.
    await this.clock.advance(10_000);
  }

  /** The content of the raw shards, parents before their children. */
  async rawShards(): Promise<readonly ReferenceShard[]> {
    const shards = await this.kinesis.listShards(rawStream);
    const read = shards.map(async ({ shardId, parentShardIds }) => ({
      shardId,
      parentShardIds,
      records: await readShard(this.kinesis, rawStream, shardId),
    }));
    return Promise.all(read);
  }

  /** The expected content of the store. */
  async expected(): Promise<ReadonlyMap<string, ReferenceRow>> {
    return referenceRows(await this.rawShards(), view);
  }

  /** The rows with points in the store, in the same form. */
  actual(): ReadonlyMap<string, ReferenceRow> {
    const rows = new Map<string, ReferenceRow>();
    for (const row of this.store.rows.values()) {
      const { measureName, measureValue, dimensions, time, attributes = [] } = row;
      if (attributes.some(({ name, value }) => name === 'interpolated' && value !== 'none'))
        continue;
      const series = dimensions.filter(({ name }) => !name.startsWith('window_'));
      const [aggregate = '', measure = ''] = measureName.split('_');
      const key = rowKey(measure, series, Number(time));
      const known = rows.get(key) ?? { average: '', count: 0 };
      const isCount = aggregate === 'count';
      rows.set(key, {
        ...known,
        ...(isCount ? { count: Number(measureValue) } : { average: measureValue }),
      });
    }
    return new Map([...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** When a store drops lower versions: as `StoreAbilities` says it. */
export type StoreClass = StoreAbilities['keepsHighestVersion'];

/** Half of the seeds have a store of one class, and half of the other. */
export function storeClassOf(seed: string): StoreClass {
  return new SeededRandom(seed).fork('store class').chance(0.5) ? 'on_write' : 'on_merge';
}

function newStore(seed: string, name: string): SimulatedStore {
  const random = new SeededRandom(seed).fork(name);
  return storeClassOf(seed) === 'on_write' ? new MemoryStore() : new MergingStore(random);
}

function viewWith(fields: WorldOptions['view']): readonly View[] {
  return parseViews({ views: [{ ...definition, ...fields }] });
}

/** A point of one of a few series: in disorder, late, or too late. */
function pointsOf(seriesCount: number): NonNullable<WorldOptions['input']> {
  return (random, nowMs) => {
    const behindMs = random.chance(0.2) ? random.int(0, 40_000) : random.int(0, 900);
    const partitionKey = `key-${random.int(0, 1_000_000)}`;
    const point = {
      MeasureName: 'm',
      MeasureValue: random.int(-100, 100),
      Time: nowMs - behindMs,
      series: `s${random.int(0, seriesCount - 1)}`,
    };
    return [{ partitionKey, data: new TextEncoder().encode(JSON.stringify(point)) }];
  };
}

const newLeases = () => ({
  'raw-writer': new MemoryLeaseStore(),
  aggregator: new MemoryLeaseStore(),
  'upsert-writer': new MemoryLeaseStore(),
});
const newStates = () => ({
  'raw-writer': new MemoryStateStore(),
  aggregator: new MemoryStateStore(),
  'upsert-writer': new MemoryStateStore(),
});

/** What happens while points are put. */
export interface FeedEvents {
  readonly afterPut?: ((index: number) => Promise<void> | void) | undefined;
  /** Where the next point goes, instead of where its partition key says. */
  readonly hashKey?: (() => string) | undefined;
}
