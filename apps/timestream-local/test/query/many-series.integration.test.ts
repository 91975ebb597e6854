import { describe, expect, it } from 'vitest';
import { plain } from '../functions/plain-series.ts';
import { startFixture } from '../fixture.ts';

const [seriesCount, pointsCount] = [500, 2600];

const value = (series: number, point: number) => ((point * 7919 + series * 104_729) % 1009) / 10;

const all = Array.from({ length: seriesCount }, (_, series) =>
  Array.from(
    { length: pointsCount },
    (_point, point) => [(point + 1) * 20, value(series + 1, point + 1)] as const,
  ),
);

/** The statement makes the points, because writing them would take longer than everything else. */
const given = `WITH points AS (
    SELECT s, from_milliseconds(1704067200000 + p * 20000) AS time, ((p * 7919 + s * 104729) % 1009) / 10.0 AS v
    FROM UNNEST(sequence(1, ${seriesCount})) AS a (s) CROSS JOIN UNNEST(sequence(1, ${pointsCount})) AS b (p)),
  series AS (SELECT s, create_time_series(time, v) AS ts, min(time) AS first, max(time) AS last FROM points GROUP BY s)`;

const wanted = Array.from(
  { length: Math.floor((pointsCount - 1) / 1.5) + 1 },
  (_, at) => 20 + at * 30,
);

const sum = (values: readonly (number | null)[]) => {
  let total = 0;
  for (const each of values) total += each ?? 0;
  return total;
};

const unnested = (call: string) =>
  `SELECT count(*), sum(v) FROM (SELECT ${call} AS found FROM series) CROSS JOIN UNNEST(found) AS t (time, v)`;

const counted = (results: readonly (readonly (readonly [number, number | null])[])[]) => {
  const values = results.flat().map(([, each]) => each);
  return [values.length, sum(values)];
};

const times = 'sequence(first, last, 30s)';

// Goal: statements like the documented ones return the right values for a day of many series.
// Method: each statement twice, compared with plain TypeScript.
describe(`${seriesCount} series of ${pointsCount} points`, () => {
  it.each([
    [
      'interpolate_linear',
      unnested(`interpolate_linear(ts, ${times})`),
      () => counted(all.map((points) => plain.interpolate_linear(points, wanted))),
    ],
    [
      'interpolate_locf',
      unnested(`interpolate_locf(ts, ${times})`),
      () => counted(all.map((points) => plain.interpolate_locf(points, wanted))),
    ],
    [
      'interpolate_fill',
      unnested(`interpolate_fill(ts, ${times}, 7.5)`),
      () => counted(all.map((points) => plain.interpolate_fill(points, wanted))),
    ],
    [
      'interpolate_spline_cubic',
      unnested(`interpolate_spline_cubic(ts, ${times})`),
      () => counted(all.map((points) => plain.interpolate_spline_cubic(points, wanted))),
    ],
    [
      'derivative_linear',
      unnested('derivative_linear(ts, 1m)'),
      () => counted(all.map(plain.derivative_linear)),
    ],
    [
      'non_negative_derivative_linear',
      unnested('non_negative_derivative_linear(ts, 1m)'),
      () => counted(all.map(plain.non_negative_derivative_linear)),
    ],
    [
      'integral_trapezoidal',
      'SELECT count(*), sum(integral_trapezoidal(ts, 1m)) FROM series',
      () => [
        seriesCount,
        sum(
          all.flatMap((points) =>
            points.slice(1).map(([, own], at) => ((own + (points[at]?.[1] ?? 0)) / 2) * (20 / 60)),
          ),
        ),
      ],
    ],
    [
      'correlate_pearson',
      'SELECT count(*), sum(correlate_pearson(ts, ts) + correlate_spearman(ts, ts)) FROM series',
      () => [seriesCount, seriesCount * 2],
    ],
    [
      'filter and reduce',
      "SELECT count(*), sum(reduce(filter(ts, x -> x.value > 50), DOUBLE '0', (s, x) -> s + x.value, s -> s)) FROM series",
      () => [seriesCount, sum(all.flat().map(([, each]) => (each > 50 ? each : 0)))],
    ],
  ])('answer %s', async (_, select, expected) => {
    await using server = await startFixture();
    const first = await server.query(`${given} ${select}`);
    const [count = 0, total = 0] = expected();
    const [found, foundTotal] = (first[0] ?? []).map(Number);
    expect(found).toBe(count);
    expect(Math.abs((foundTotal ?? 0) - total)).toBeLessThan(1e-6 * Math.max(1, Math.abs(total)));
    const [again] = await server.query(`${given} ${select}`);
    expect(Number(again?.[0])).toBe(count);
    // Threads add in any order.
    expect(Number(again?.[1])).toBeCloseTo(foundTotal ?? 0, 3);
  });
});
