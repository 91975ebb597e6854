import { SimulatedClock } from '@highwater/testkit';
import { describe, expect, it } from 'vitest';
import { fileSlices } from '../src/file-slices.ts';
import { configOf, keepLog, newTally } from './fakes.ts';

const nowMs = 1_800_000_000_500;

const line = (members: object) =>
  JSON.stringify({ MeasureName: 'temperature', MeasureValue: 20.5, room: 'kitchen', ...members });

async function feed(lines: readonly string[], env: Record<string, string>, isRereadable = true) {
  const { log, lines: logged } = keepLog();
  const tally = newTally();
  const config = configOf({ HW_GENERATOR_FILE: 'points.ndjson', ...env });
  const file = {
    open: async function* () {
      yield Buffer.from(lines.join('\n'));
    },
    isRereadable,
  };
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

describe('fileSlices', () => {
  it('sends every line as it is', async () => {
    const lines = [
      line({ Time: 1_700_000_000_000 }),
      line({ Time: '1700000001', TimeUnit: 'SECONDS' }),
      `  ${line({ time: 1_700_000_002_000 })}  `,
    ];
    expect((await feed(lines, {})).texts).toEqual(lines);
  });

  it('tells bad lines by number and reason, and sends the others', async () => {
    const good = line({ Time: 1_700_000_000_000 });
    const { texts, tally, logged } = await feed(
      [good, 'not json', '', '[1]', line({}), line({ Time: 1, MeasureValue: 'x' }), good],
      {},
    );
    expect(texts).toEqual([good, good]);
    expect(tally.badLines).toBe(4);
    expect(logged).toMatchObject([
      {
        message: 'Lines of the file are not points.',
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
    expect(timesOf(texts.slice(0, 2))).toEqual(['1799999910', '1800000000000123456']);
    expect(JSON.parse(texts[2] ?? '')).toEqual({
      MeasureName: 'temperature',
      MeasureValue: 20.5,
      room: 'kitchen',
      time: '1799999810250',
    });
  });

  it('moves the times of standard input so that its first point is now', async () => {
    const lines = [1_700_000_000_000, 1_700_000_010_000].map((Time) => line({ Time }));
    const { texts } = await feed(lines, { HW_GENERATOR_SHIFT_TIMES: 'true' }, false);
    expect(timesOf(texts)).toEqual(['1800000000000', '1800000010000']);
  });

  it('keeps all measures of equal dimensions in one shard', async () => {
    const { records } = await feed(
      [
        line({ Time: 1 }),
        line({ Time: 2 }),
        line({ Time: 1, room: 'cellar' }),
        line({ Time: 1, MeasureName: 'another' }),
      ],
      {},
    );
    const [a, b, c, d] = records.map(({ partitionKey }) => partitionKey);
    expect(a).toBe(b);
    expect(a).not.toBe(c);
    expect(d).toBe(a);
  });
});
