import { defineConsumerMetrics } from '@highwater/kinesis';
import type {
  Batch,
  DeadLetter,
  DeadLetters,
  OutgoingRecord,
  RowOutcome,
  Store,
  StreamRecord,
} from '@highwater/model';
import { FileDeadLetters } from '@highwater/service';
import { silentLogger, SimulatedClock } from '@highwater/testkit';
import type { View } from '@highwater/windowing';
import { Registry } from 'prom-client';
import { AggregatorProcessor } from '../../apps/aggregator/src/aggregator-processor.ts';
import { defineAggregatorMetrics } from '../../apps/aggregator/src/metrics.ts';
import { defineRawWriterMetrics } from '../../apps/raw-writer/src/metrics.ts';
import { RawWriterProcessor } from '../../apps/raw-writer/src/raw-writer-processor.ts';
import { defineUpsertWriterMetrics } from '../../apps/upsert-writer/src/metrics.ts';
import { UpsertProcessor } from '../../apps/upsert-writer/src/upsert-processor.ts';
import { UnpackingReader } from '../../packages/kinesis/src/reading/unpacking-reader.ts';
import type { ShardRead } from '../../packages/kinesis/src/reading/shard-reader.ts';

/** Small enough that cases come to it. */
const fuzzSeriesMax = 20_000;
const fuzzWindowsMax = 20_000;
const fuzzRowsMax = 40_000;
const fuzzOpenRowsMax = 20_000;
const lettersBytesMax = 1024 * 1024 * 1024;
/** Rows per write of raw-writer to the store. */
const rowsPerWriteMax = 10_000;
/** From the aggregator's output, stored for upsert-writer. */
const keptBytesMax = 32 * 1024;

/** The letters of a service, as it wrote them to the file. */
class HeardLetters implements DeadLetters {
  readonly letters: DeadLetter[] = [];
  readonly #file: DeadLetters;

  constructor(file: DeadLetters) {
    this.#file = file;
  }

  async put(letters: readonly DeadLetter[]): Promise<void> {
    for (const letter of letters) this.letters.push({ ...letter, payload: new Uint8Array() });
    await this.#file.put(letters);
  }
}

/** One service with its file of dead letters, in a registry of its own. */
interface Service {
  readonly registry: Registry;
  readonly heard: HeardLetters;
  readonly file: FileDeadLetters;
}

/** The processors of one shard, over a store that takes everything and a results stream that counts. */
export class FuzzServices implements AsyncDisposable {
  readonly #views: readonly View[];
  readonly #aggregatorService: Service;
  readonly #rawService: Service;
  readonly #upsertService: Service;
  readonly #aggregatorMetrics;
  readonly rawWriter: RawWriterProcessor;
  readonly upsertWriter: UpsertProcessor;
  aggregator: AggregatorProcessor;
  readonly kept: OutgoingRecord[] = [];
  #keptBytes = 0;
  resultsBytes = 0;

  private constructor(views: readonly View[], services: readonly [Service, Service, Service]) {
    this.#views = views;
    [this.#aggregatorService, this.#rawService, this.#upsertService] = services;
    this.#aggregatorMetrics = defineAggregatorMetrics(this.#aggregatorService.registry);
    this.aggregator = this.newAggregator();
    const store: Store = {
      write: async (rows) => {
        if (rows.length > rowsPerWriteMax) throw new Error(`${rows.length} rows in a write`);
        return rows.map((): RowOutcome => ({ status: 'written' }));
      },
    };
    const { signal } = new AbortController();
    const common = { store, clock: new SimulatedClock(0), log: silentLogger, signal };
    this.rawWriter = new RawWriterProcessor({
      ...common,
      deadLetters: this.#rawService.heard,
      maxFutureSkewMs: 900_000,
      metrics: defineRawWriterMetrics(this.#rawService.registry),
    });
    this.upsertWriter = new UpsertProcessor({
      ...common,
      store: { write: async (rows) => rows.map((): RowOutcome => ({ status: 'written' })) },
      deadLetters: this.#upsertService.heard,
      views,
      shardId: 's',
      stream: 'results',
      maxFutureSkewMs: 900_000,
      openRowsMax: fuzzOpenRowsMax,
      fillAnchorsMax: 1_000,
      metrics: defineUpsertWriterMetrics(this.#upsertService.registry),
    });
  }

  static async open(views: readonly View[], directory: string): Promise<FuzzServices> {
    const open = async (stage: string): Promise<Service> => {
      const registry = new Registry();
      const options = { directory, stage, bytesMax: lettersBytesMax, registry, log: silentLogger };
      const file = await FileDeadLetters.open(options);
      return { registry, file, heard: new HeardLetters(file) };
    };
    const services = [await open('aggregator'), await open('raw'), await open('upsert')] as const;
    return new FuzzServices(views, services);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { file } of [this.#aggregatorService, this.#rawService, this.#upsertService]) {
      await file[Symbol.asyncDispose]();
    }
  }

  newAggregator(): AggregatorProcessor {
    return new AggregatorProcessor({
      views: this.#views,
      deadLetters: this.#aggregatorService.heard,
      log: silentLogger,
      shardId: 's',
      outOfOrdernessMs: 3_000,
      maxFutureSkewMs: 900_000,
      seriesMax: fuzzSeriesMax,
      windowsMax: fuzzWindowsMax,
      rowsMax: fuzzRowsMax,
      putResults: this.#put,
      metrics: this.#aggregatorMetrics,
    });
  }

  readonly #put = async (records: readonly OutgoingRecord[]): Promise<void> => {
    for (const record of records) {
      this.resultsBytes += record.data.length;
      if (this.#keptBytes + record.data.length > keptBytesMax) continue;
      this.#keptBytes += record.data.length;
      this.kept.push(record);
    }
  };

  /** Letters since the last call. */
  takeLetters(): Readonly<Record<'aggregator' | 'raw' | 'upsert', readonly DeadLetter[]>> {
    const take = ({ heard }: Service) => heard.letters.splice(0);
    return {
      aggregator: take(this.#aggregatorService),
      raw: take(this.#rawService),
      upsert: take(this.#upsertService),
    };
  }

  /** Everything that a service has counted as an outcome. */
  async counted(service: 'aggregator' | 'raw' | 'upsert'): Promise<number> {
    const [{ registry }, name] = {
      aggregator: [this.#aggregatorService, 'aggregator_points_total'] as const,
      raw: [this.#rawService, 'raw_writer_points_total'] as const,
      upsert: [this.#upsertService, 'upsert_writer_partials_total'] as const,
    }[service];
    const { values } = (await registry.getSingleMetric(name)?.get()) ?? { values: [] };
    return values.reduce((sum, { value }) => sum + value, 0);
  }
}

/** The batches that a consumer makes of records: aggregates are unpacked. */
export async function* unpacked(
  records: readonly StreamRecord[],
  batchRecordsMax: number,
): AsyncGenerator<Batch> {
  const batch = { stream: 'raw', shardId: 's', records, behindLatestMs: 0 };
  const reads: ShardRead[] = [{ type: 'batch', batch }];
  await using reader = new UnpackingReader({
    reader: {
      read: async () => reads.shift() ?? { type: 'nothing' },
      [Symbol.asyncDispose]: async () => undefined,
    },
    batchRecordsMax,
    foreign: 'keep',
    findRange: async () => undefined,
    metrics: defineConsumerMetrics(new Registry()),
  });
  const { signal } = new AbortController();
  for (;;) {
    const read = await reader.read(signal);
    if (read.type === 'nothing') return;
    if (read.batch.records.length > 0) yield read.batch;
  }
}
