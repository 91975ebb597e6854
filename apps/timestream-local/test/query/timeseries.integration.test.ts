import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { startFixture, type Fixture } from '../fixture.ts';

let server: Fixture;

beforeAll(async () => {
  server = await startFixture();
  return () => server[Symbol.asyncDispose]();
});

interface Sample {
  readonly second: number;
  readonly value: number;
}

const series = (minLength: number) =>
  fc
    .uniqueArray(
      fc.record({
        second: fc.integer({ min: 0, max: 500 }),
        value: fc.integer({ min: -1000, max: 1000 }).map((tenths) => tenths / 10),
      }),
      { minLength, maxLength: 12, selector: ({ second }) => second },
    )
    .map((samples) => samples.toSorted((a, b) => a.second - b.second));

const startMs = Date.UTC(2022, 0, 1);
const at = (second: number) => `from_milliseconds(${startMs + second * 1000})`;

/** A query over one series `s`, made of the samples in reverse order. */
function over(samples: readonly Sample[], expression: string): string {
  const rows = samples
    .toReversed()
    .map(({ second, value }) => `(${at(second)}, DOUBLE '${value}')`);
  return `SELECT ${expression} FROM (SELECT create_time_series(t, v) AS s FROM (VALUES ${rows.join(', ')}) AS p (t, v))`;
}

async function number(sql: string): Promise<number | null> {
  const cell = (await server.query(sql))[0]?.[0];
  return cell === null ? null : Number(cell);
}

const close = (found: number | null, expected: number | null) => {
  if (expected === null || Number.isNaN(expected)) expect(found ?? Number.NaN).toBeNaN();
  else
    expect(Math.abs((found ?? Infinity) - expected)).toBeLessThan(
      1e-6 * Math.max(1, Math.abs(expected)),
    );
};

// Goal: each function follows its definition. Method: random series, and the definition again in
// its simplest form, by search over all points.
describe('functions of timeseries', () => {
  it('interpolate on the line between the neighbors', async () => {
    await fc.assert(
      fc.asyncProperty(series(1), fc.integer({ min: -10, max: 510 }), async (samples, second) => {
        const left = samples.findLast((sample) => sample.second <= second);
        const right = samples.find((sample) => sample.second >= second);
        const expected =
          left && right
            ? left.second === right.second
              ? left.value
              : (left.value * (right.second - second) + right.value * (second - left.second)) /
                (right.second - left.second)
            : null;
        close(await number(over(samples, `interpolate_linear(s, ${at(second)})`)), expected);
      }),
      { numRuns: 60 },
    );
  });

  it('carry the last value forward, or fill with a constant', async () => {
    await fc.assert(
      fc.asyncProperty(series(1), fc.integer({ min: -10, max: 510 }), async (samples, second) => {
        const last = samples.findLast((sample) => sample.second <= second);
        close(
          await number(over(samples, `interpolate_locf(s, ${at(second)})`)),
          last?.value ?? null,
        );
        const own = samples.find((sample) => sample.second === second);
        close(
          await number(over(samples, `interpolate_fill(s, ${at(second)}, 7.5)`)),
          own?.value ?? 7.5,
        );
      }),
      { numRuns: 40 },
    );
  });

  // A natural cubic spline is the only twice differentiable curve of cubics through the points with
  // no curvature at the ends. Here, the curvatures come from the dense system of equations.
  it('interpolate on the natural cubic spline', async () => {
    await fc.assert(
      fc.asyncProperty(series(3), fc.integer({ min: 0, max: 500 }), async (samples, second) => {
        const found = await number(over(samples, `interpolate_spline_cubic(s, ${at(second)})`));
        close(found, splineAt(samples, second));
      }),
      { numRuns: 60 },
    );
  });

  it('differentiate and integrate', async () => {
    await fc.assert(
      fc.asyncProperty(series(1), async (samples) => {
        const pairs = samples.slice(1).map((sample, index) => {
          const before = samples[index] ?? sample;
          return { before, sample, elapsed: sample.second - before.second };
        });
        const slopes = pairs.map(
          ({ before, sample, elapsed }) => (sample.value - before.value) / elapsed,
        );
        const areas = pairs.map(
          ({ before, sample, elapsed }) => ((sample.value + before.value) / 2) * elapsed,
        );
        const cells = await server.query(
          over(
            samples,
            `derivative_linear(s, 1m), non_negative_derivative_linear(s, 1m), integral_trapezoidal(s), integral_trapezoidal(s, 1m)`,
          ),
        );
        const [derived, positive, perSecond, perMinute] = cells[0] ?? [];
        const values = (cell: unknown) =>
          (cell as [string, string][]).map(([, value]) => Number(value));
        const area = areas.reduce((sum, each) => sum + each, 0);
        expect(values(derived)).toHaveLength(slopes.length);
        for (const [index, value] of values(derived).entries())
          close(value, (slopes[index] ?? 0) * 60);
        expect(values(positive)).toHaveLength(slopes.filter((slope) => slope >= 0).length);
        close(Number(perSecond), area);
        close(Number(perMinute), area / 60);
      }),
      { numRuns: 60 },
    );
  });

  it('correlate', async () => {
    const both = fc.array(
      fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })),
      {
        minLength: 2,
        maxLength: 12,
      },
    );
    await fc.assert(
      fc.asyncProperty(both, async (pairs) => {
        const rows = pairs.map(([x, y], second) => `(${at(second)}, DOUBLE '${x}', DOUBLE '${y}')`);
        const [cells = []] = await server.query(
          `SELECT correlate_pearson(a, b), correlate_spearman(a, b) FROM (
             SELECT create_time_series(t, x) AS a, create_time_series(t, y) AS b
             FROM (VALUES ${rows.join(', ')}) AS p (t, x, y))`,
        );
        const [xs, ys] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
        close(Number(cells[0]), pearsonOf(xs, ys));
        close(Number(cells[1]), pearsonOf(ranksOf(xs), ranksOf(ys)));
      }),
      { numRuns: 60 },
    );
  });

  it('compute the exact percentile', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 100 }),
        async (values, percent) => {
          const sorted = values.toSorted((a, b) => a - b);
          // Integer arithmetic: 0.07 * 100 is not 7 as doubles.
          const rank = Math.max(0, Math.ceil((percent * values.length) / 100) - 1);
          const rows = values.map((value) => `(${value})`).join(', ');
          const sql = `SELECT approx_percentile(x, ${percent / 100}) FROM (VALUES ${rows}) AS t (x)`;
          expect(await number(sql)).toBe(sorted[rank]);
        },
      ),
      { numRuns: 60 },
    );
  });

  // Goal: an array of times gives the same as the single times. Method: each function both ways
  // over random series, at times inside and outside, and not in order.
  it('interpolate at many times as at each one', async () => {
    const seconds = fc.array(fc.integer({ min: -10, max: 510 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(series(1), seconds, async (samples, wanted) => {
        for (const [call, more] of [
          ['interpolate_linear', ''],
          ['interpolate_locf', ''],
          ['interpolate_spline_cubic', ''],
          ['interpolate_fill', ', 7.5'],
        ]) {
          const many = `${call}(s, ARRAY[${wanted.map(at).join(', ')}]${more})`;
          const each = wanted.map((second) => `${call}(s, ${at(second)}${more})`);
          const [points, ...values] =
            (await server.query(over(samples, [many, ...each].join(', '))))[0] ?? [];
          expect((points as [string, unknown][]).map(([, value]) => value)).toEqual(values);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('differentiate at the later time of each pair', async () => {
    await fc.assert(
      fc.asyncProperty(series(2), async (samples) => {
        const [cells = []] = await server.query(over(samples, 'derivative_linear(s, 1s), s'));
        const times = (cell: unknown) => (cell as [string, string][]).map(([time]) => time);
        expect(times(cells[0])).toEqual(times(cells[1]).slice(1));
      }),
      { numRuns: 20 },
    );
  });

  // Goal: a weight counts like that many rows. Method: the percentile of the values, each repeated.
  it('compute the percentile of weighted values as of repeated ones', async () => {
    const weighted = fc.array(
      fc.record({
        value: fc.integer({ min: -50, max: 50 }),
        weight: fc.integer({ min: 1, max: 9 }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    const percents = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(weighted, percents, async (samples, wanted) => {
        const sorted = samples
          .flatMap(({ value, weight }) => Array.from({ length: weight }, () => value))
          .toSorted((a, b) => a - b);
        const expected = wanted.map((percent) => {
          const rank = Math.ceil((percent * sorted.length) / 100);
          return String(sorted[rank - 1]);
        });
        const shares = wanted.map((percent) => percent / 100);
        const rows = samples.map(({ value, weight }) => `(${value}, ${weight})`).join(', ');
        const singles = shares.map((share) => `approx_percentile(x, w, ${share})`);
        const [cells = []] = await server.query(
          `SELECT approx_percentile(x, w, ARRAY[${shares.join(', ')}]), ${singles.join(', ')} FROM (VALUES ${rows}) AS t (x, w)`,
        );
        expect(cells).toEqual([expected, ...expected]);
      }),
      {
        numRuns: 40,
        examples: [
          [
            [
              { value: 1, weight: 7 },
              { value: 2, weight: 93 },
            ],
            [7],
          ],
        ],
      },
    );
  });

  it('unnest to columns, with and without aliases', async () => {
    const samples = [
      { second: 0, value: 1 },
      { second: 60, value: 2 },
    ];
    const inner = over(samples, 's');
    expect(await server.query(`SELECT time, value FROM (${inner}) CROSS JOIN UNNEST(s)`)).toEqual([
      ['2022-01-01 00:00:00.000000000', '1.0'],
      ['2022-01-01 00:01:00.000000000', '2.0'],
    ]);
    expect(await server.query(`SELECT v FROM (${inner}) CROSS JOIN UNNEST(s) AS u (t, v)`)).toEqual(
      [['1.0'], ['2.0']],
    );
    expect(
      await server.query(
        over(
          samples,
          `cardinality(filter(s, x -> x.value > 1)), reduce(s, DOUBLE '0.0', (a, x) -> a + x.value, a -> a)`,
        ),
      ),
    ).toEqual([['1', '3.0']]);
  });

  it('reject invalid series', async () => {
    const twice = `SELECT create_time_series(t, v) FROM (VALUES (now(), 1), (now(), 2)) AS p (t, v)`;
    await expect(server.query(twice)).rejects.toThrow('duplicate timestamps');
    const missing = `SELECT create_time_series(t, v) FROM (VALUES (now(), NULL), (ago(1m), 2)) AS p (t, v)`;
    await expect(server.query(missing)).rejects.toThrow('does not accept NULL');
  });
});

function pearsonOf(xs: readonly number[], ys: readonly number[]): number {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const product = (a: readonly number[], b: readonly number[]) =>
    mean(a.map((value, index) => value * (b[index] ?? 0))) - mean(a) * mean(b);
  const spread = product(xs, xs) * product(ys, ys);
  return spread < 1e-12 ? Number.NaN : product(xs, ys) / Math.sqrt(spread);
}

/** One more than the number of lower ones, and half of the other equal ones. */
function ranksOf(values: readonly number[]): readonly number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}

function splineAt(samples: readonly Sample[], second: number): number | null {
  const count = samples.length;
  const x = (index: number) => samples[index]?.second ?? 0;
  const y = (index: number) => samples[index]?.value ?? 0;
  const curvatures = solve(
    Array.from({ length: count }, (_, row) => {
      const line = Array.from({ length: count + 1 }, () => 0);
      if (row === 0 || row === count - 1) {
        line[row] = 1;
        return line;
      }
      const [before, after] = [x(row) - x(row - 1), x(row + 1) - x(row)];
      line[row - 1] = before / 6;
      line[row] = (before + after) / 3;
      line[row + 1] = after / 6;
      line[count] = (y(row + 1) - y(row)) / after - (y(row) - y(row - 1)) / before;
      return line;
    }),
  );
  const left = samples.findLastIndex((sample) => sample.second <= second);
  if (left === -1 || second > x(count - 1)) return null;
  if (x(left) === second) return y(left);
  const width = x(left + 1) - x(left);
  const [a, b] = [(x(left + 1) - second) / width, (second - x(left)) / width];
  const bend = (a ** 3 - a) * (curvatures[left] ?? 0) + (b ** 3 - b) * (curvatures[left + 1] ?? 0);
  return a * y(left) + b * y(left + 1) + (bend * width ** 2) / 6;
}

/** Gauss-Jordan elimination with the largest pivot. The last column is the right side. */
function solve(lines: readonly number[][]): readonly number[] {
  const left = lines.map((line) => [...line]);
  const size = left.length;
  for (let column = 0; column < size; column += 1) {
    const order = left
      .slice(column)
      .toSorted((a, b) => Math.abs(b[column] ?? 0) - Math.abs(a[column] ?? 0));
    left.splice(column, size - column, ...order);
    const pivot = left[column] ?? [];
    const scale = pivot[column] ?? 1;
    for (const [row, line] of left.entries()) {
      if (row === column) continue;
      const share = (line[column] ?? 0) / scale;
      for (const [at_, value] of pivot.entries()) line[at_] = (line[at_] ?? 0) - share * value;
    }
  }
  return left.map((line, row) => (line[size] ?? 0) / (line[row] ?? 1));
}
