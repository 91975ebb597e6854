import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  startEdgePipeline,
  valueOf,
  windowMs,
  type EdgePipeline,
  type Letter,
} from './edge-pipeline.ts';

// Goal: unusual input of producers has the right results in raw rows, averages, and dead letters.
// Method: the local stack with all its services, records from an AWS SDK client, rows by SQL. Every
// test has its own measures, and tests that need a shard without a past have one.

let pipeline: EdgePipeline;
beforeAll(async () => {
  pipeline = await startEdgePipeline();
});
afterAll(() => pipeline[Symbol.asyncDispose]());

/** The start of the newest window that has ended. */
const endedWindow = () => (Math.floor(Date.now() / windowMs) - 1) * windowMs;

interface PointMembers {
  readonly [name: string]: unknown;
  readonly MeasureName: string;
  readonly MeasureValue: unknown;
  readonly Time: number;
}

const json = (point: PointMembers | readonly PointMembers[]) => JSON.stringify(point);
const double = (value: number) => `double ${Number.isInteger(value) ? value.toFixed(1) : value}`;

describe.concurrent('a fast clock', () => {
  it.each([
    { aheadMinutes: 3, lane: 0 },
    { aheadMinutes: 10, lane: 1 },
  ] as const)(
    'that is $aheadMinutes minutes ahead takes no point from a neighbour in its shard',
    async ({ aheadMinutes, lane }) => {
      const startMs = endedWindow();
      const measure = `clock_${aheadMinutes}`;
      const records = Array.from({ length: 60 }, (_, index) => {
        const Time = startMs + index * 60;
        const point = { MeasureName: measure, MeasureValue: index * 5, Time, device: 'good' };
        return [point, { ...point, Time: Time + aheadMinutes * 60_000, device: 'fast' }];
      });
      await pipeline.put(lane, ...records.flat().map(json));

      expect(await pipeline.values(`count_${measure}`, ['bigint 60'])).toEqual(['bigint 60']);
      expect(await pipeline.values(`avg_${measure}`, ['double 147.5'])).toEqual(['double 147.5']);
      const [row] = await pipeline.rows(`avg_${measure}`, 1);
      expect(row).toMatchObject({ device: 'good', window_start: sqlTime(startMs) });
      const raw = await pipeline.rows(measure, 120);
      expect(raw.filter(({ device }) => device === 'good').map(valueOf)).toEqual(
        records.map((_, index) => double(index * 5)),
      );
      expect(raw.filter(({ device }) => device === 'fast')).toHaveLength(60);
    },
  );
});

describe.concurrent('the order of points within a record', () => {
  it('does not matter: a buffer that is sent newest first has all its windows', async () => {
    const startMs = endedWindow();
    const times = [0, 1, -windowMs * 12, 1 - windowMs * 12].map((offset) => startMs + offset);
    const buffer = times.map((Time, index) => ({
      MeasureName: 'newest_first',
      MeasureValue: index,
      Time,
      device: 'phone',
    }));
    await pipeline.put(2, json(buffer));
    const wanted = ['double 0.5', 'double 2.5'];
    expect(await pipeline.values('avg_newest_first', wanted)).toEqual(wanted);
    expect((await pipeline.rows('newest_first', 4)).map(valueOf)).toEqual([2, 3, 0, 1].map(double));
  });

  it('does not matter: the buffers of two devices, one after the other, have all their windows', async () => {
    const startMs = endedWindow();
    const bufferOf = (device: string, values: readonly number[]) =>
      values.map((MeasureValue, index) => {
        const Time = startMs - (values.length - 1 - index) * windowMs * 6;
        return { MeasureName: 'two_buffers', MeasureValue, Time, device };
      });
    await pipeline.put(3, json([...bufferOf('a', [1, 2, 3]), ...bufferOf('b', [4, 5, 6])]));
    const wanted = [1, 2, 3, 4, 5, 6].map(double);
    expect(await pipeline.values('avg_two_buffers', wanted)).toEqual(wanted);
    expect(await pipeline.values('two_buffers', wanted)).toEqual(wanted);
  });
});

describe.concurrent('the identity of a series', () => {
  it('treats an empty dimension as absent', async () => {
    const startMs = endedWindow();
    const point = { MeasureName: 'rooms', site: 'oslo' };
    await pipeline.put(
      0,
      json({ ...point, MeasureValue: 10, Time: startMs, room: '' }),
      json({ ...point, MeasureValue: 12, Time: startMs + 1, room: '' }),
      json({ ...point, MeasureValue: 30, Time: startMs + 2 }),
    );
    const average = ['double 17.333333333333332'];
    expect(await pipeline.values('avg_rooms', average)).toEqual(average);
    expect(await pipeline.values('count_rooms', ['bigint 3'])).toEqual(['bigint 3']);
    const raw = await pipeline.rows('rooms', 3);
    expect(raw.map(valueOf)).toEqual([10, 12, 30].map(double));
    expect(raw.map(({ site, room }) => [site, room])).toEqual(
      Array.from({ length: 3 }, () => ['oslo', undefined]),
    );
  });

  // A measure has one type in a table of Timestream, so the raw rows of the second are refused.
  it('combines both numeric types, and a raw row that the store rejects is set aside', async () => {
    const startMs = endedWindow();
    const point = { MeasureName: 'mixed', site: 'oslo' };
    const first = { ...point, MeasureValue: 10, MeasureValueType: 'BIGINT', Time: startMs };
    await pipeline.put(0, json(first));
    expect((await pipeline.rows('mixed', 1)).map(valueOf)).toEqual(['bigint 10']);
    const [second] = await pipeline.put(
      0,
      json([
        { ...point, MeasureValue: 20.5, Time: startMs + 1 },
        { ...point, MeasureValue: 30.5, Time: startMs + 2 },
      ]),
    );
    const average = [double(61 / 3)];
    expect(await pipeline.values('avg_mixed', average)).toEqual(average);
    expect(await pipeline.values('count_mixed', ['bigint 3'])).toEqual(['bigint 3']);
    expect((await pipeline.rows('mixed', 1)).map(valueOf)).toEqual(['bigint 10']);
    expect(await pipeline.letters('raw-writer', isOf(second))).toMatchObject([
      {
        reason: 'store_other',
        detail: expect.stringMatching(/^The measure name mixed already has .* type BIGINT/),
        elements: { refused: 2, ranges: [[0, 1]], reasons: { store_other: 2 } },
      },
    ]);
  });

  it('keeps the type of its view rows, so one of another type is set aside', async () => {
    const startMs = endedWindow();
    const of = (site: string, MeasureValue: number, MeasureValueType: string) =>
      json({ MeasureName: 'whole_mixed', MeasureValue, MeasureValueType, Time: startMs, site });
    await pipeline.put(0, of('oslo', 10, 'BIGINT'));
    expect(await pipeline.values('max_whole_mixed', ['bigint 10'])).toEqual(['bigint 10']);
    await pipeline.put(0, of('bergen', 20.5, 'DOUBLE'));
    const averages = ['double 10.0', 'double 20.5'];
    expect(await pipeline.values('avg_whole_mixed', averages)).toEqual(averages);
    const letters = await pipeline.letters('upsert-writer', ({ detail }) =>
      detail.includes('max_whole_mixed'),
    );
    expect(letters).toMatchObject([{ reason: 'store_other' }]);
    expect(await pipeline.values('max_whole_mixed', ['bigint 10'])).toEqual(['bigint 10']);
  });

  it('distinguishes numbers that are the same double', async () => {
    const Time = endedWindow();
    const ids = ['2882429806056571100', '2882429806056571124'];
    const of = (id: string, value: number) =>
      `{"MeasureName":"ids","MeasureValue":${value},"Time":${Time},"device":${id}}`;
    await pipeline.put(1, ...ids.map(of));
    for (const measure of ['ids', 'avg_ids']) {
      const rows = await pipeline.rows(measure, 2);
      const values = rows.map((row) => `${row['device']}: ${valueOf(row)}`).toSorted();
      expect(values).toEqual(ids.map((id, index) => `${id}: ${double(index)}`));
    }
  });
});

describe.concurrent('an exact number', () => {
  it('stays as it was sent, in the raw row and in the rows of views', async () => {
    const value = '9007199254740993';
    const time = `${endedWindow()}123457`;
    await pipeline.put(
      1,
      `{"MeasureName":"whole_counter","MeasureValue":${value},"MeasureValueType":"BIGINT","Time":${time},"TimeUnit":"NANOSECONDS","device":"d"}`,
    );
    const exact = [`bigint ${value}`];
    for (const aggregate of ['min', 'max', 'first', 'last', 'sum']) {
      expect(await pipeline.values(`${aggregate}_whole_counter`, exact)).toEqual(exact);
    }
    const [raw, ...others] = await pipeline.rows('whole_counter', 1);
    expect(others).toEqual([]);
    expect(raw && valueOf(raw)).toBe(exact[0]);
    expect(raw?.['time']).toMatch(/\.\d{3}123457$/);
  });
});

describe.concurrent('a point that no store could accept', () => {
  const good = { MeasureName: 'beside', MeasureValue: 1, device: 'd' };
  const many = Object.fromEntries(Array.from({ length: 127 }, (_, index) => [`d${index}`, 'x']));

  it.each([
    { what: 'reserved_name', reason: 'dimension_reserved', bad: { window_start: 'x' } },
    { what: 'colon', reason: 'measure_name_invalid', bad: { MeasureName: 'colon:bad' } },
    { what: 'long_name', reason: 'measure_name_invalid', bad: { MeasureName: 'n'.repeat(256) } },
    { what: 'dimensions', reason: 'dimensions_too_many', bad: many },
  ])(
    'is rejected by both services alike ($what), and its neighbors are stored',
    async (example) => {
      const { what, reason, bad } = example;
      const startMs = endedWindow();
      const at = (offset: number) => ({
        ...good,
        MeasureName: `beside_${what}`,
        Time: startMs + offset,
      });
      const measure = `${what}_bad`;
      const record = [at(0), { ...at(1), MeasureName: measure, ...bad }, at(2)];
      const [place] = await pipeline.put(0, json(record));
      await expectOneLetter(place, reason, {
        refused: 1,
        ranges: [[1, 1]],
        reasons: { [reason]: 1 },
      });
      expect(await pipeline.values(`count_beside_${what}`, ['bigint 2'])).toEqual(['bigint 2']);
      expect(await pipeline.values(`beside_${what}`, [double(1), double(1)])).toHaveLength(2);
      const named = (record[1] ?? at(1)).MeasureName;
      expect(await pipeline.rows(named, 0)).toEqual([]);
      expect(await pipeline.rows(`avg_${named}`, 0)).toEqual([]);
    },
  );

  it('causes one letter, however many points of one array are too far in the future', async () => {
    const startMs = Date.now() + 3_600_000;
    const count = 1_800;
    const record = Array.from({ length: count }, (_, index) => ({
      MeasureName: 'tomorrow',
      MeasureValue: index,
      Time: startMs + index,
      device: 'd',
    }));
    const [place] = await pipeline.put(0, json(record));
    const elements = { refused: count, ranges: [[0, count - 1]], reasons: { future: count } };
    await expectOneLetter(place, 'future', elements);
    expect(await pipeline.rows('tomorrow', 0)).toEqual([]);
  });
});

describe.concurrent('a hostile record', () => {
  it.each([
    { what: 'brackets', record: '['.repeat(5_000), reason: 'not_json', refused: undefined },
    // A thousand faults, and a letter that the rest was dropped.
    {
      what: 'numbers',
      record: `[${'1,'.repeat(32_500)}1]`,
      reason: 'not_an_object',
      refused: 1_001,
    },
  ])(
    'of $what causes one letter, and the services continue',
    async ({ what, record, reason, refused }) => {
      const point = {
        MeasureName: `after_${what}`,
        MeasureValue: 7,
        Time: endedWindow(),
        device: 'd',
      };
      const [place] = await pipeline.put(1, record, json(point));
      await expectOneLetter(place, reason, refused && { refused });
      for (const measure of [`after_${what}`, `avg_after_${what}`]) {
        expect(await pipeline.values(measure, [double(7)])).toEqual([double(7)]);
      }
    },
  );

  // The aggregator reads records of a known form without parsing them, the raw-writer never does.
  it('that names the value twice has the last one, in the raw row as in the average', async () => {
    const startMs = endedWindow();
    const record = (offset: number, values: string) =>
      `{"MeasureName":"twice",${values},"Time":"${startMs + offset}","device":"d"}`;
    await pipeline.put(
      1,
      ...[0, 1, 2].map((offset) => record(offset, `"MeasureValue":"1"`)),
      record(3, `"MeasureValue":"1","MeasureValue":"5"`),
      record(4, `"MeasureValue":"100","MeasureValue":"7"`),
    );
    expect(await pipeline.values('avg_twice', ['double 3.0'])).toEqual(['double 3.0']);
    const raw = await pipeline.rows('twice', 5);
    expect(raw.map(valueOf)).toEqual([1, 1, 1, 5, 7].map(double));
  });
});

const isOf =
  (place: string | undefined) =>
  ({ sequenceNumber }: Letter): boolean =>
    sequenceNumber === place;

/** That both services have set a record aside once, and with this. */
async function expectOneLetter(place: string | undefined, reason: string, elements?: unknown) {
  const letter = elements === undefined ? { reason } : { reason, elements };
  expect(await pipeline.letters('raw-writer', isOf(place))).toMatchObject([letter]);
  expect(await pipeline.letters('aggregator', isOf(place))).toMatchObject([letter]);
}

/** As the views write it. */
function sqlTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('T', ' ').replace('Z', '');
}
