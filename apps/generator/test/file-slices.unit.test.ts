import fc from 'fast-check';
import { SimulatedClock } from '@highwater/testkit';
import { describe, expect, it } from 'vitest';
import { fileSlices } from '../src/file-slices.ts';
import { configOf, fileOf, keepLog, newTally } from './fakes.ts';

const nowMs = 1_800_000_000_500;

const line = (members: object) =>
  JSON.stringify({ MeasureName: 'temperature', MeasureValue: 20.5, room: 'kitchen', ...members });

async function feed(lines: readonly string[], env: Record<string, string>, isFile = true) {
  const { log, lines: logged } = keepLog();
  const tally = newTally();
  const config = configOf({ HW_GENERATOR_FILE: 'points.ndjson', ...env });
  const file = fileOf(lines, isFile);
  const clock = new SimulatedClock(nowMs);
  const records = [];
  for await (const slice of fileSlices(file, { config, clock, tally, sliceRecordsMax: 2, log })) {
    expect(slice.length).toBeLessThanOrEqual(2);
    records.push(...slice);
  }
  const texts = records.map(({ data }) => Buffer.from(data).toString());
  return { records, texts, tally, logged };
}

const timesOf = (texts: readonly string[]) =>
  texts.map((text) => (JSON.parse(text) as { Time: unknown }).Time);

interface Reading {
  readonly timeMs: number;
  readonly sensor: number;
}

const readings = fc.uniqueArray(
  fc.record({ timeMs: fc.integer({ min: 0, max: 40_000 }), sensor: fc.nat(3) }),
  { minLength: 1, maxLength: 60, selector: ({ timeMs, sensor }) => timeMs * 10 + sensor },
);

const lineOf = ({ timeMs, sensor }: Reading) =>
  line({ Time: 1_700_000_000_000 + timeMs, sensor: String(sensor) });

const byTime = (a: Reading, b: Reading) => a.timeMs - b.timeMs || a.sensor - b.sensor;
const bySensor = (a: Reading, b: Reading) => a.sensor - b.sensor || a.timeMs - b.timeMs;

describe('fileSlices', () => {
  it('sends every line unchanged', async () => {
    const lines = [
      line({ Time: 1_700_000_000_000 }),
      line({ Time: '1700000001', TimeUnit: 'SECONDS' }),
      `  ${line({ time: 1_700_000_002_000 })}  `,
    ];
    expect((await feed(lines, {})).texts).toEqual(lines);
  });

  it('reports bad lines by number and reason, and sends the others', async () => {
    const good = line({ Time: 1_700_000_000_000 });
    const { texts, tally, logged } = await feed(
      [good, 'not json', '', '[1]', line({}), line({ Time: 1, MeasureValue: 'x' }), good],
      {},
    );
    expect(texts).toEqual([good, good]);
    expect(tally.badLines).toBe(4);
    expect(logged).toMatchObject([
      {
        message: 'Skipped lines that are not points.',
        fields: {
          badLinesCount: 4,
          badLines: [
            { line: 2, reason: 'not_json' },
            { line: 4, reason: 'not_an_object' },
            { line: 5, reason: 'time_missing' },
            { line: 6, reason: 'measure_value_invalid' },
          ],
        },
      },
    ]);
  });

  it('moves the times of a file so that its newest point is now', async () => {
    const { texts } = await feed(
      [
        line({ Time: '1700000100', TimeUnit: 'SECONDS' }),
        line({ Time: '1700000190000123456', TimeUnit: 'NANOSECONDS' }),
        line({ time: 1_700_000_000_250 }),
      ],
      { HW_GENERATOR_SHIFT_TIMES: 'true' },
    );
    expect(timesOf(texts.slice(1))).toEqual(['1799999910', '1800000000000123456']);
    expect(JSON.parse(texts[0] ?? '')).toEqual({
      MeasureName: 'temperature',
      MeasureValue: 20.5,
      room: 'kitchen',
      time: 1_799_999_810_250,
    });
  });

  it('moves the times of standard input so that its first point is now', async () => {
    const lines = [1_700_000_000_000, 1_700_000_010_000].map((Time) => line({ Time }));
    const { texts } = await feed(lines, { HW_GENERATOR_SHIFT_TIMES: 'true' }, false);
    expect(timesOf(texts)).toEqual([1_800_000_000_000, 1_800_000_010_000]);
  });

  it.each([
    { order: 'shuffled', arrange: (given: readonly Reading[]) => given },
    { order: 'sorted by sensor', arrange: (given: readonly Reading[]) => given.toSorted(bySensor) },
    {
      order: 'the wrong way round',
      arrange: (given: readonly Reading[]) => given.toSorted((a, b) => byTime(b, a)),
    },
  ])('sends a file that is $order in time order, and no point late', async ({ arrange }) => {
    const property = fc.asyncProperty(readings, fc.boolean(), async (given, isShifted) => {
      const env: Record<string, string> = isShifted ? { HW_GENERATOR_SHIFT_TIMES: 'true' } : {};
      const { texts, tally } = await feed(arrange(given).map(lineOf), env);
      const inOrder = await feed(given.toSorted(byTime).map(lineOf), env);
      expect(timesOf(texts)).toEqual(timesOf(inOrder.texts));
      expect(texts.toSorted()).toEqual(inOrder.texts.toSorted());
      expect(tally.latePoints).toBe(0);
    });
    await fc.assert(property, { numRuns: 100 });
  });

  it('reports how far a file is from time order', async () => {
    const { logged } = await feed(
      [3_000, 60_000, 1_000, 2_000].map((timeMs) => lineOf({ timeMs, sensor: 1 })),
      {},
    );
    expect(logged).toEqual([
      {
        message: 'Sorting the points, because the lines of the file are not ordered by time.',
        fields: { stepsBack: 1, furthestBehindMs: 59_000 },
      },
    ]);
  });

  it('sends standard input in order of arrival, counts late points, and logs that once', async () => {
    const property = fc.asyncProperty(readings, async (given) => {
      const { texts, tally, logged } = await feed(given.map(lineOf), {}, false);
      expect(texts).toEqual(given.map(lineOf));
      const lateCount = given.filter(({ timeMs }, at) =>
        given.slice(0, at).some((before) => before.timeMs - timeMs > 3_000),
      ).length;
      expect(tally.latePoints).toBe(lateCount);
      expect(logged).toHaveLength(lateCount > 0 ? 1 : 0);
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it('counts a duplicate that follows too late as late', async () => {
    const lines = Array.from({ length: 1_000 }, (_, at) =>
      lineOf({ timeMs: at * 1_000, sensor: 1 }),
    );
    const { tally } = await feed(lines, { HW_GENERATOR_DUPLICATE_PERCENT: '100' });
    expect(tally.duplicates).toBe(1_000);
    // Each 700 records after its point, or at the end.
    expect(tally.latePoints).toBeGreaterThan(900);
  });

  it('keeps all measures of equal dimensions in one shard', async () => {
    const { records } = await feed(
      [
        line({ Time: 1 }),
        line({ Time: 2 }),
        line({ Time: 3, room: 'cellar' }),
        line({ Time: 4, MeasureName: 'another' }),
      ],
      {},
    );
    const [a, b, c, d] = records.map(({ partitionKey }) => partitionKey);
    expect(a).toBe(b);
    expect(a).not.toBe(c);
    expect(d).toBe(a);
  });
});
