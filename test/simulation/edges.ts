import type { Row } from '@highwater/model';
import { SeededRandom } from '@highwater/testkit';
import { EdgeInput, type MeantPoint } from './edge-input.ts';
import { chaos, type ChaosPlan } from './chaos.ts';
import { view, type World } from './world.ts';

const maxFutureSkewMs = 25_000;
const aggregates = ['avg', 'count', 'max'];

const plan: ChaosPlan = {
  pointsCount: 25,
  rates: { crash: 0.07, start: 0.04, reshard: 0.04 },
  services: ['raw-writer', 'aggregator', 'upsert-writer'],
};

/** The required final state of a run. */
interface Expected {
  /** Measure, dimensions and time -> value and type. */
  readonly viewRows: ReadonlyMap<string, string>;
  readonly rawRows: ReadonlyMap<string, string>;
  /** Service and record, and how many of its elements are refused. */
  readonly letters: ReadonlySet<string>;
  /** Points that the law of bad clocks covers, and that were too late all the same. */
  readonly unlawful: readonly string[];
}

/**
 * One schedule at the edges: producers with bad clocks and odd records, and all three services, which
 * crash, are replaced while they still run, and meet every fault; from one seed.
 *
 * @returns what differs from what the stream holds; empty when nothing does
 */
export async function whatIsWrong(seed: string): Promise<readonly string[]> {
  const input = new EdgeInput(new SeededRandom(seed).fork('edges'));
  let expected: Expected | undefined;
  const world = await chaos(
    {
      seed,
      input: input.next,
      maxFutureSkewMs,
      checkpointIntervalMs: 5_000,
      view: { aggregates },
    },
    {
      ...plan,
      isSettled: async (running) => {
        // Nothing more is sent by now.
        expected ??= await expectedOf(running, input);
        return differences(running, expected).length === 0;
      },
    },
  );
  expected ??= await expectedOf(world, input);
  const conflicts = [...world.store.conflicts, ...world.rawStore.conflicts].map(
    (row) => `conflict: ${keyOf(row)}`,
  );
  // A failing store ends a process, which its supervisor restarts. Nothing else may.
  const failures = world.failures
    .filter((error) => (error as Error).name !== 'StoreUnavailableError')
    .map((error) => `failure: ${(error as Error).stack}`);
  return [...differences(world, expected), ...conflicts, ...failures];
}

function differences(world: World, expected: Expected): readonly string[] {
  // A zombie that replays rows that were settled long ago learns that they are forgotten. The rows
  // themselves show that they are right.
  const told = world.letters.filter(({ reason }) => reason !== 'row_forgotten');
  const letters = new Set(
    told.map(
      ({ stage, shardId, sequenceNumber, subSequenceNumber, elements }) =>
        `${stage} ${shardId} ${sequenceNumber}/${subSequenceNumber ?? ''} ${elements?.refused ?? 1}`,
    ),
  );
  return [
    ...unlike('view row', expected.viewRows, rowsOf(world.store.rows.values())),
    ...unlike('raw row', expected.rawRows, rowsOf(world.rawStore.rows.values())),
    ...[...expected.letters].flatMap((each) => (letters.has(each) ? [] : [`no letter: ${each}`])),
    ...[...letters].flatMap((each) => (expected.letters.has(each) ? [] : [`letter: ${each}`])),
    ...expected.unlawful,
  ];
}

function unlike(
  what: string,
  expected: ReadonlyMap<string, string>,
  actual: ReadonlyMap<string, string>,
): string[] {
  const keys = [...new Set([...expected.keys(), ...actual.keys()])];
  return keys
    .filter((key) => expected.get(key) !== actual.get(key))
    .map((key) => `${what} ${key}: expected ${expected.get(key)}, got ${actual.get(key)}`);
}

function rowsOf(rows: Iterable<Row>): ReadonlyMap<string, string> {
  return new Map(
    [...rows].map((row) => [keyOf(row), `${row.measureValue} ${row.measureValueType}`]),
  );
}

function keyOf({ measureName, dimensions, time }: Row): string {
  const own = dimensions.filter(({ name }) => !name.startsWith('window_'));
  const named = Object.fromEntries(own.map(({ name, value }) => [name, value]));
  return rowKey(measureName, named, Number(time));
}

function rowKey(measureName: string, dimensions: MeantPoint['dimensions'], timeMs: number): string {
  const named = Object.entries(dimensions).map(([name, value]) => `${name}=${value}`);
  return [measureName, ...named.toSorted(), timeMs].join('|');
}

/** Points of one view row. */
interface Total {
  halves: bigint;
  largest: MeantPoint;
  isWhole: boolean;
  count: number;
}

/**
 * The expected rows, from the input and its positions in the stream: independent of the code under
 * test, without its decoder, in whole numbers.
 */
async function expectedOf(world: World, input: EdgeInput): Promise<Expected> {
  const { sizeMs, allowedLatenessMs, outOfOrdernessMs } = view;
  const totals = new Map<string, Total>();
  const rawRows = new Map<string, string>();
  const letters = new Set<string>();
  const unlawful: string[] = [];
  const newestByShard = new Map<string, number>();
  const arrivalByShard = new Map<string, number>();
  for (const { shardId, parentShardIds, records } of await world.rawShards()) {
    const inherited = parentShardIds.map((id) => newestByShard.get(id) ?? Number.NEGATIVE_INFINITY);
    let newestMs = inherited.length > 0 ? Math.min(...inherited) : Number.NEGATIVE_INFINITY;
    let newestArrivalMs = Math.max(
      ...parentShardIds.map((id) => arrivalByShard.get(id) ?? Number.NEGATIVE_INFINITY),
    );
    for (const { data, arrivalTimeMs, sequenceNumber } of records) {
      const watermarkMs = newestMs - outOfOrdernessMs - 1;
      newestArrivalMs = Math.max(newestArrivalMs, arrivalTimeMs);
      const meant = input.meantBy(data);
      const isAggregate = Buffer.from(data.subarray(0, 4)).toString('hex') === 'f3899ac2';
      for (const [sub, elements] of meant.entries()) {
        let refusedCount = 0;
        for (const point of elements) {
          if (point === 'refused' || point.timeMs > arrivalTimeMs + maxFutureSkewMs) {
            refusedCount += 1;
            continue;
          }
          const { dimensions, timeMs } = point;
          newestMs = Math.max(newestMs, Math.min(timeMs, arrivalTimeMs));
          rawRows.set(rowKey('m', dimensions, timeMs), textOf(point));
          const endMs = (Math.floor(timeMs / sizeMs) + 1) * sizeMs;
          if (endMs - 1 + allowedLatenessMs <= watermarkMs) {
            const isPrompt = newestArrivalMs - timeMs <= outOfOrdernessMs + allowedLatenessMs;
            if (isPrompt) unlawful.push(`too late in spite of the law: ${timeMs} in ${shardId}`);
            continue;
          }
          addTo(totals, rowKey('', dimensions, endMs), point);
        }
        if (refusedCount === 0) continue;
        const place = `${shardId} ${sequenceNumber}/${isAggregate ? sub : ''} ${refusedCount}`;
        for (const stage of ['raw-writer', 'aggregator']) letters.add(`${stage} ${place}`);
      }
    }
    newestByShard.set(shardId, newestMs);
    arrivalByShard.set(shardId, newestArrivalMs);
  }
  const viewRows = new Map<string, string>();
  for (const [key, { halves, largest, isWhole, count }] of totals) {
    viewRows.set(`avg_m${key}`, `${doubleOf(halves) / count} DOUBLE`);
    viewRows.set(`count_m${key}`, `${count} BIGINT`);
    const rounded = `${doubleOf(largest.halves)} DOUBLE`;
    viewRows.set(`max_m${key}`, isWhole ? `${largest.halves / 2n} BIGINT` : rounded);
  }
  return { viewRows, rawRows, letters, unlawful };
}

function addTo(totals: Map<string, Total>, key: string, point: MeantPoint): void {
  const isWhole = point.type === 'BIGINT';
  const total = totals.get(key);
  if (!total) {
    totals.set(key, { halves: point.halves, largest: point, isWhole, count: 1 });
    return;
  }
  total.halves += point.halves;
  total.count += 1;
  total.isWhole &&= isWhole;
  if (point.halves > total.largest.halves) total.largest = point;
}

/** Rounded once. */
function doubleOf(halves: bigint): number {
  return Number(halves) / 2;
}

function textOf({ type, halves }: MeantPoint): string {
  return `${halves % 2n === 0n ? halves / 2n : doubleOf(halves)} ${type}`;
}
