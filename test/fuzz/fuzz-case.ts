import {
  decodeRecord,
  decodeResultsRecord,
  type Batch,
  type DeadLetter,
  type Decoded,
  type StreamRecord,
} from '@highwater/model';
import { deadLettersBytes } from '@highwater/service';
import { SeededRandom } from '@highwater/testkit';
import { isDeepStrictEqual } from 'node:util';
import type { Cost } from './costs.ts';
import { fuzzBytesMax, fuzzRecord, logUniform } from './fuzz-record.ts';
import { FuzzServices, unpacked } from './fuzz-services.ts';
import { pickViews, type FuzzViews } from './fuzz-views.ts';
import { mutatedResults } from './mutated-results.ts';

/** The content and cost of a case. */
export interface CaseReport {
  readonly views: FuzzViews;
  /** Records of the stream, and their number with aggregates unpacked. */
  readonly recordsCount: number;
  readonly unpackedCount: number;
  readonly bytes: number;
  readonly costs: readonly Cost[];
  /** Laws that were broken. */
  readonly broken: readonly string[];
}

const startMs = 1_763_800_000_000;
const smallBytesMax = 2_048;
/** Reads that include a larger record. */
const largeShare = 0.4;
/** Of a read. Some have few, so that most of their cost is that of the large one. */
const recordsMax = 3_000;
/** To collect garbage takes longer than to process a read of less. */
const lookedAtBytes = 1024 * 1024;

/** Puts the records of one seed through all readers of a shard, and checks the results. */
export async function fuzzCase(
  seed: string,
  directory: string,
  collect?: () => void,
): Promise<CaseReport> {
  const random = new SeededRandom(seed);
  const views = pickViews(random);
  await using services = await FuzzServices.open(views.views, directory);
  const run = new CaseRun(services, random.fork('run'), collect);
  for (const records of recordsOf(random, views)) await run.take(records);
  await run.end();
  const letters = (stage: string) => deadLettersBytes(directory, stage);
  const { broken, recordsCount, unpackedCount, bytes } = run;
  const raw = { bytes, records: unpackedCount, heldBytes: 0, resultsBytes: 0 };
  const costs: Cost[] = [
    {
      ...raw,
      part: 'aggregator',
      cpuNs: run.aggregatorNs,
      resultsBytes: services.resultsBytes,
      lettersBytes: await letters('aggregator'),
      heldBytes: run.heldBytes,
    },
    { ...raw, part: 'raw-writer', cpuNs: run.rawNs, lettersBytes: await letters('raw') },
    {
      ...raw,
      part: 'upsert-writer',
      bytes: run.resultsBytes,
      records: run.linesCount,
      cpuNs: run.upsertNs,
      lettersBytes: await letters('upsert'),
    },
  ];
  return { views, recordsCount, unpackedCount, bytes, costs, broken };
}

/** Reads of the shard: of many small records, and now and then a large one among them. */
function* recordsOf(random: SeededRandom, views: FuzzViews): Generator<readonly StreamRecord[]> {
  // A point results in this many rows. The largest records are for views that make few.
  const largeBytesMax = Math.floor(fuzzBytesMax / Math.max(1, views.rowsPerPointMax / 2));
  let sequence = 0;
  let arrivalTimeMs = startMs;
  const record = (bytes: number): StreamRecord => {
    arrivalTimeMs += random.chance(0.01) ? random.int(0, 600_000) : random.int(0, 200);
    const plan = { bytes, arrivalTimeMs, stepMs: views.stepMs };
    const data = fuzzRecord(random, plan);
    return { sequenceNumber: String(++sequence), partitionKey: 'p', data, arrivalTimeMs };
  };
  for (let reads = random.int(1, 4); reads > 0; reads--) {
    const count = logUniform(random, 20, recordsMax);
    // The first of a shard opens more than any other.
    const largeAt = random.chance(largeShare) ? random.pick([0, random.int(0, count - 1)]) : -1;
    yield Array.from({ length: count }, (_, index) => {
      const [min, max] = index === largeAt ? [smallBytesMax, largeBytesMax] : [1, smallBytesMax];
      return record(logUniform(random, Math.min(min, largeBytesMax), Math.min(max, largeBytesMax)));
    });
  }
}

/** One case while it runs. */
class CaseRun {
  readonly broken: string[] = [];
  recordsCount = 0;
  unpackedCount = 0;
  bytes = 0;
  aggregatorNs = 0;
  rawNs = 0;
  upsertNs = 0;
  heldBytes = 0;
  resultsBytes = 0;
  linesCount = 0;
  #elementsCount = 0;
  #nowMs = startMs;
  readonly #services: FuzzServices;
  readonly #random: SeededRandom;
  readonly #collect: (() => void) | undefined;

  constructor(services: FuzzServices, random: SeededRandom, collect: (() => void) | undefined) {
    this.#services = services;
    this.#random = random;
    this.#collect = collect;
  }

  async take(records: readonly StreamRecord[]): Promise<void> {
    this.recordsCount += records.length;
    const bytes = records.reduce((sum, { data }) => sum + data.length, 0);
    this.bytes += bytes;
    this.#nowMs = records.at(-1)?.arrivalTimeMs ?? this.#nowMs;
    const isLooking = this.#collect !== undefined && bytes > lookedAtBytes;
    const before = isLooking ? this.#memoryBytes() : 0;
    for await (const batch of unpacked(records, this.#random.pick([100, 1_000]))) {
      this.unpackedCount += batch.records.length;
      await this.#process(batch);
    }
    if (isLooking) {
      this.heldBytes = Math.max(this.heldBytes, this.#memoryBytes() - before);
    }
    await this.#checkCounts();
    await this.#restore();
  }

  /** The shard is idle, and ends; then what it put on the results stream is read, changed. */
  async end(): Promise<void> {
    const { aggregator, kept, upsertWriter } = this.#services;
    this.aggregatorNs += await this.#timed('idle', () =>
      aggregator.tick(this.#nowMs + 10_000, true),
    );
    this.aggregatorNs += await this.#timed('end', () => aggregator.close('shard_end', []));
    const results = mutatedResults(kept, this.#random, this.#nowMs);
    let partials = 0;
    for (const record of results) {
      this.resultsBytes += record.data.length;
      for (const line of decodeResultsRecord(record.data)) {
        this.linesCount += 1;
        if (!line.ok || line.line.kind === 'partial') partials += 1;
      }
    }
    const batch = { stream: 'results', shardId: 's', records: results, behindLatestMs: 0 };
    this.upsertNs += await this.#timed('upsert', async () => {
      await upsertWriter.process(batch);
      await upsertWriter.tick(this.#nowMs);
      upsertWriter.snapshot();
    });
    const counted = await this.#services.counted('upsert');
    if (counted !== partials) this.broken.push(`upsert: ${counted} of ${partials} lines counted`);
  }

  async #process(batch: Batch): Promise<void> {
    const { aggregator, rawWriter } = this.#services;
    for (const record of batch.records) this.#decode(record);
    this.aggregatorNs += await this.#timed('aggregator', async () => {
      await aggregator.process(batch);
      await aggregator.tick(this.#nowMs, false);
    });
    this.rawNs += await this.#timed('raw-writer', () => rawWriter.process(batch));
    const { aggregator: own, raw } = this.#services.takeLetters();
    const different = differentLetters(own, raw);
    if (different) this.broken.push(different);
  }

  /** Reads a record separately from the services, to count its elements. */
  #decode({ data }: StreamRecord): void {
    const isTwice = this.#random.chance(0.1);
    const other = isTwice ? moved(data, this.#random.int(1, 64)) : undefined;
    const again = other && decodeRecord(other)[Symbol.iterator]();
    for (const decoded of decodeRecord(data)) {
      this.#elementsCount += 1;
      const next: Decoded | undefined = again?.next().value;
      if (again && !isDeepStrictEqual(next, decoded)) this.broken.push('decoded to something else');
    }
    if (again?.next().done === false) this.broken.push('decoded to more');
  }

  async #checkCounts(): Promise<void> {
    for (const service of ['aggregator', 'raw'] as const) {
      const counted = await this.#services.counted(service);
      if (counted === this.#elementsCount) continue;
      this.broken.push(`${service}: ${counted} of ${this.#elementsCount} elements counted`);
    }
  }

  async #restore(): Promise<void> {
    const { aggregator } = this.#services;
    const restored = this.#services.newAggregator();
    this.aggregatorNs += await this.#timed('restore', async () => {
      const { state } = aggregator.snapshot();
      await restored.open({
        shard: { stream: 'raw', shardId: 's', parentShardIds: [] },
        ownSnapshot: state,
        parentSnapshots: [],
        peerShardIds: [],
      });
      const again = restored.snapshot().state;
      if (again.length !== state.length) {
        this.broken.push(`restored to ${again.length} bytes of ${state.length}`);
      }
    });
    if (this.#random.chance(0.3)) this.#services.aggregator = restored;
  }

  async #timed(what: string, work: () => Promise<void>): Promise<number> {
    const before = process.cpuUsage();
    try {
      await work();
    } catch (error) {
      this.broken.push(`${what} threw ${error instanceof Error ? error.stack : String(error)}`);
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) * 1_000;
  }

  #memoryBytes(): number {
    this.#collect?.();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  }
}

/** The same bytes at another place of a larger buffer. */
function moved(data: Uint8Array, offset: number): Uint8Array {
  const larger = new Uint8Array(data.length + 2 * offset).fill(0x5b);
  larger.set(data, offset);
  return larger.subarray(offset, offset + data.length);
}

/** Rejected only by the aggregator. */
const ownReasons = new Set(['too_many_series', 'too_many_windows', 'too_many_rows']);

/** Whether both readers of the raw stream set the same aside. */
function differentLetters(
  aggregator: readonly DeadLetter[],
  raw: readonly DeadLetter[],
): string | undefined {
  const isOwn = ({ reason, elements }: Pick<DeadLetter, 'reason' | 'elements'>) =>
    ownReasons.has(reason) ||
    Object.keys(elements?.reasons ?? {}).some((each) => ownReasons.has(each));
  const ofRaw = new Map(raw.map((letter) => [placeOf(letter), letter]));
  for (const { stage: _, ...letter } of aggregator) {
    const other = ofRaw.get(placeOf(letter));
    ofRaw.delete(placeOf(letter));
    if (isOwn(letter)) continue;
    const { stage: __, ...expected } = other ?? {};
    if (!isDeepStrictEqual(letter, expected)) return differenceOf(letter, expected);
  }
  const [left] = ofRaw.values();
  return left && differenceOf(undefined, left);
}

function differenceOf(aggregator: unknown, raw: unknown): string {
  const text = (letter: unknown) => (JSON.stringify(letter) ?? 'nothing').slice(0, 400);
  return `the aggregator sets aside ${text(aggregator)}, the raw-writer ${text(raw)}`;
}

function placeOf({
  sequenceNumber,
  subSequenceNumber,
}: Pick<DeadLetter, 'sequenceNumber' | 'subSequenceNumber'>): string {
  return `${sequenceNumber}.${subSequenceNumber ?? ''}`;
}
