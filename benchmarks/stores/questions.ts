import type { RowReader, TimeRange } from '@highwater/model';
import { processorSeconds } from './processor-seconds.ts';
import { fleetSeries } from './workload.ts';

const roundsCount = 3;
const runsPerRound = 3;
const { signal } = new AbortController();

/** A question of the dashboard, and how long its answer took. */
export interface QuestionTime {
  readonly name: string;
  /** Of the last hour. */
  readonly hourMs: number;
  /** Of all rows. */
  readonly allMs: number;
  /** Processor time of the engine for the answer about all rows. */
  readonly engineMs: number;
  /** Items of the answer about all rows. */
  readonly itemsCount: number;
}

interface Question {
  readonly name: string;
  readonly ask: (reader: RowReader, range: TimeRange) => Promise<number>;
}

const host = Object.fromEntries(
  (fleetSeries[0]?.dimensions ?? []).map((each) => [each.name, [each.value]]),
);
const hourMs = 3_600_000;

/** A chart of 800 pixels: at most one bin per pixel. */
const binOf = ({ fromMs, toMs }: TimeRange) =>
  Math.max(1_000, Math.ceil((toMs - fromMs) / 800 / 60_000) * 60_000);

const questions: readonly Question[] = [
  {
    name: 'dimensions',
    ask: async (reader) => (await reader.dimensions(signal)).length,
  },
  {
    name: 'measures',
    ask: async (reader, range) => (await reader.measures(range, limits(2_000))).items.length,
  },
  {
    name: 'values of `instance_name`, all measures',
    ask: async (reader, range) => values(reader, range, { measures: [], search: '' }),
  },
  {
    name: 'values of `instance_name`, one measure',
    ask: async (reader, range) => values(reader, range, { measures: ['cpu_user'], search: '' }),
  },
  {
    name: 'search in `instance_name`, all measures',
    ask: async (reader, range) => values(reader, range, { measures: [], search: 'apollo-0001' }),
  },
  {
    name: 'points of one series',
    ask: async (reader, range) =>
      (await reader.points({ ...range, measure: 'cpu_user', filters: host }, limits(1_601))).items
        .length,
  },
  {
    name: 'bins of one measure, all series',
    ask: async (reader, range) =>
      (await reader.bins({ ...range, measure: 'cpu_user', filters: {} }, binOf(range), limits(802)))
        .items.length,
  },
  {
    name: 'bins of one measure, by region',
    ask: async (reader, range) =>
      (
        await reader.bins(
          { ...range, measure: 'cpu_user', filters: {}, by: 'region' },
          binOf(range),
          limits(6_416),
        )
      ).items.length,
  },
  {
    name: 'groups of one measure with the most points, by `instance_name`',
    ask: async (reader, range) =>
      (
        await reader.bins(
          { ...range, measure: 'cpu_user', filters: {}, by: 'instance_name' },
          range.toMs - range.fromMs + 1,
          limits(10_000),
        )
      ).items.length,
  },
  {
    name: 'windows of one view, all series',
    ask: async (reader, range) =>
      (await reader.windows({ ...range, measure: 'avg_cpu_user', filters: {} }, limits(4_000)))
        .items.length,
  },
  {
    name: 'windows of one view, by `microservice_name`',
    ask: async (reader, range) =>
      (
        await reader.windows(
          { ...range, measure: 'avg_cpu_user', filters: {}, by: 'microservice_name' },
          limits(4_000),
        )
      ).items.length,
  },
  {
    name: 'newest corrections',
    ask: async (reader, range) => corrections(reader, range, { measures: [], order: 'arrival' }),
  },
  {
    name: 'corrections of windows, one measure',
    ask: async (reader, range) =>
      corrections(reader, range, { measures: ['avg_cpu_user'], order: 'window' }),
  },
];

/** Times every question: of three rounds of three, the median of the best round. */
export async function* timeQuestions(
  reader: RowReader,
  all: TimeRange,
): AsyncGenerator<QuestionTime> {
  const hour = { fromMs: all.toMs - hourMs, toMs: all.toMs };
  for (const { name, ask } of questions) {
    const itemsCount = await ask(reader, all);
    const before = processorSeconds().engine;
    const allMs = await bestMedianMs(() => ask(reader, all));
    const seconds = processorSeconds().engine - before;
    const engineMs = (seconds * 1000) / (roundsCount * runsPerRound);
    yield {
      name,
      hourMs: await bestMedianMs(() => ask(reader, hour)),
      allMs,
      engineMs,
      itemsCount,
    };
  }
}

async function bestMedianMs(ask: () => Promise<unknown>): Promise<number> {
  const medians: number[] = [];
  for (let round = 0; round < roundsCount; round++) {
    const times: number[] = [];
    for (let run = 0; run < runsPerRound; run++) {
      const startMs = performance.now();
      await ask();
      times.push(performance.now() - startMs);
    }
    medians.push(times.toSorted((a, b) => a - b)[runsPerRound >> 1] ?? NaN);
  }
  return Math.min(...medians);
}

async function values(
  reader: RowReader,
  range: TimeRange,
  { measures, search }: { readonly measures: readonly string[]; readonly search: string },
): Promise<number> {
  const choice = { ...range, measures, filters: {} };
  return (await reader.dimensionValues('instance_name', choice, search, limits(10_000))).items
    .length;
}

async function corrections(
  reader: RowReader,
  range: TimeRange,
  given: { readonly measures: readonly string[]; readonly order: 'window' | 'arrival' },
): Promise<number> {
  const found = await reader.corrections({ ...range, ...given, filters: {} }, limits(2_000));
  return found?.items.length ?? NaN;
}

function limits(rowsMax: number) {
  return { rowsMax, signal };
}
