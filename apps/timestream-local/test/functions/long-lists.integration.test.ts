import { describe, expect, it } from 'vitest';
import { startFixture } from '../fixture.ts';
import { plain, type PlainPoint } from './plain-series.ts';
import { openUdfs, type UdfFixture } from './udf-fixture.ts';

interface Size {
  readonly series: number;
  readonly points: number;
}

const value = (series: number, at: number) => ((at * 7919 + series * 104_729) % 1009) / 10;

/** A point every 20 seconds, interpolated every 30 seconds and slightly beyond both ends. */
const seconds = (count: number, step: number, from: number) =>
  Array.from({ length: count }, (_, at) => from + at * step);

const second = 'CAST(1000000000 AS BIGINT)';
const wantedCount = (points: number) => Math.floor((points * 20) / 30) + 4;

/** The results of many series in one column each: series, times in nanoseconds, and values. */
const sql = ({ series, points }: Size, call: string) => `
  SELECT series, unnest(found).f0, unnest(found).f1 FROM (SELECT series, ${call} AS found FROM (
    SELECT series,
      list_transform(range(${points}), lambda i: struct_pack(f0 := i * 20 * ${second}, f1 := ((i * 7919 + series * 104729) % 1009) / CAST(10 AS DOUBLE))) AS s,
      list_transform(range(${wantedCount(points)}), lambda i: (i * 30 - 60) * ${second}) AS wanted
    FROM range(${series}) AS t(series)))`;

const calls = {
  interpolate_linear: 'hw_interpolate_linear(s, wanted)',
  interpolate_locf: 'hw_interpolate_locf(s, wanted)',
  interpolate_fill: 'hw_interpolate_fill(s, wanted, 7.5)',
  interpolate_spline_cubic: 'hw_interpolate_spline_cubic(s, wanted)',
  derivative_linear: `hw_derivative_linear(s, 60 * ${second})`,
  non_negative_derivative_linear: `hw_non_negative_derivative_linear(s, 60 * ${second})`,
};

const names = Object.keys(calls) as (keyof typeof calls)[];
const some = ['interpolate_linear', 'derivative_linear'] as const;

/** How many points differ from the expected ones, with the first of them for the message. */
async function differences(duck: UdfFixture, size: Size, name: keyof typeof calls) {
  const [series = [], times = [], values = []] = await duck.columns(sql(size, calls[name]));
  const wanted = seconds(wantedCount(size.points), 30, -60);
  const differing: unknown[] = [];
  let row = 0;
  for (let own = 0; own < size.series; own += 1) {
    const samples = seconds(size.points, 20, 0).map(
      (at, index) => [at, value(own, index)] as const,
    );
    for (const [at, expected] of plain[name](samples, wanted)) {
      const found: PlainPoint = [Number(times[row]) / 1e9, values[row] as number | null];
      const isSame = found[0] === at && Number(series[row]) === own && isClose(found[1], expected);
      if (!isSame) differing.push({ row, found, expected: [at, expected] });
      row += 1;
    }
  }
  return { count: differing.length, first: differing[0], more: times.length - row };
}

function isClose(a: number | null, b: number | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));
}

// Goal: a list keeps all of its items, however many a batch of rows has. Method: more items than
// the 2,048 that DuckDB reserves at first, in one row and in many, each compared.
describe.each([
  { series: 1, points: 20_000 },
  { series: 1, points: 100_000 },
  { series: 2048, points: 3 },
  { series: 500, points: 2600, calls: some },
])('$series series of $points points', ({ calls: own = names, ...size }) => {
  it.each(own)('are preserved by %s', async (name) => {
    using duck = await openUdfs();
    expect(await differences(duck, size, name)).toEqual({ count: 0, first: undefined, more: 0 });
  });
});

describe('weighted percentiles', () => {
  it.each([20_000, 100_000])('have one value for each of %i shares', async (count) => {
    using duck = await openUdfs();
    // The shares fall, and so must the values, because each value has the weight of its share.
    const [found = []] = await duck.columns(
      `SELECT unnest(hw_weighted_percentiles(
         list_transform(range(1, ${count + 1}), lambda i: struct_pack(f0 := CAST(2 AS BIGINT), f1 := CAST(i AS DOUBLE))),
         list_transform(range(${count}), lambda i: (${count} - i) / CAST(${count} AS DOUBLE))))`,
    );
    expect(found).toEqual(Array.from({ length: count }, (_, at) => count - at));
  });

  it('are right for a whole batch of rows, three each', async () => {
    using duck = await openUdfs();
    const [found = []] = await duck.columns(
      `SELECT unnest(hw_weighted_percentiles(
         [struct_pack(f0 := CAST(1 AS BIGINT), f1 := i + 2.0), struct_pack(f0 := CAST(1 AS BIGINT), f1 := CAST(i AS DOUBLE)), NULL],
         [1.0, 0.5, NULL])) FROM range(2048) AS t(i)`,
    );
    const expected = Array.from({ length: 2048 }, (_, i) => [i + 2, i, null]);
    expect(found).toEqual(expected.flat());
  });
});

describe('split with a limit', () => {
  it.each([
    { parts: 20_000, limit: 900_000 },
    { parts: 100_000, limit: 900_000 },
    { parts: 100_000, limit: 99_999 },
  ])('makes $parts parts, at most $limit', async ({ parts, limit }) => {
    await using server = await startFixture();
    const text = `array_join(transform(split(rpad('', ${parts - 1}, ','), ','), x -> 'a'), ',')`;
    const rows = await server.query(
      `SELECT count(*), count_if(part = 'a'), max(n), max_by(part, n) FROM UNNEST(split(${text}, ',', ${limit})) WITH ORDINALITY AS t (part, n)`,
    );
    const count = Math.min(parts, limit);
    const isCut = parts > limit;
    const last = isCut ? 'a,a' : 'a';
    expect(rows).toEqual([[`${count}`, `${isCut ? count - 1 : count}`, `${count}`, last]]);
  });
});
