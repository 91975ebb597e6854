import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { startFixture, type Fixture } from '../fixture.ts';
import { evaluate, type ExpressionCase } from './expression-cases.ts';

let server: Fixture;

beforeAll(async () => {
  server = await startFixture();
  return () => server[Symbol.asyncDispose]();
});

/** The cells of one row as numbers; NULL is NaN here. */
async function numbers(sql: string): Promise<readonly number[]> {
  const [row = []] = await server.query(sql);
  return row.map((cell) => (cell === null ? Number.NaN : Number(cell)));
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [at, value] of expected.entries()) {
    const own = found[at] ?? Number.NaN;
    if (!Number.isFinite(value)) expect(own).toBe(value);
    else expect(Math.abs(own - value)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
  }
}

const functions: readonly (readonly [call: string, of: (x: number) => number])[] = [
  ['cbrt(x)', Math.cbrt],
  ['exp(x)', Math.exp],
  ['radians(x)', (x) => (x * Math.PI) / 180],
  ['degrees(x)', (x) => (x * 180) / Math.PI],
  ['sin(x)', Math.sin],
  ['cos(x)', Math.cos],
  ['tan(x)', Math.tan],
  ['sinh(x)', Math.sinh],
  ['cosh(x)', Math.cosh],
  ['tanh(x)', Math.tanh],
  ['atan(x)', Math.atan],
  ['asin(x)', Math.asin],
  ['acos(x)', Math.acos],
  ['sqrt(x)', Math.sqrt],
  ['ln(x)', Math.log],
  ['log2(x)', Math.log2],
  ['log10(x)', Math.log10],
  ['ceiling(x)', Math.ceil],
  ['floor(x)', Math.floor],
  ['truncate(x)', Math.trunc],
  ['abs(x)', Math.abs],
  ['pow(2, x)', (x) => 2 ** x],
  ['atan2(x, 2)', (x) => Math.atan2(x, 2)],
];

// Goal: functions of numbers follow their definitions. Method: compare with JavaScript's own
// functions, and plain sums, for random numbers.
describe('functions of a number', () => {
  it('equal the mathematical functions', async () => {
    const tenths = fc.integer({ min: -300, max: 300 }).map((value) => value / 10);
    await fc.assert(
      fc.asyncProperty(tenths, async (x) => {
        const calls = functions.map(([call]) => call).join(', ');
        const found = await numbers(`SELECT ${calls} FROM (VALUES DOUBLE '${x}') AS t (x)`);
        expectClose(
          found,
          functions.map(([, of]) => of(x)),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('statistics', () => {
  it('equal their sums', async () => {
    const pairs = fc.array(
      fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })),
      { minLength: 4, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(pairs, async (points) => {
        const n = points.length;
        const sum = (of: (x: number, y: number) => number) =>
          points.reduce((total, [x, y]) => total + of(x, y), 0);
        const [meanX, meanY] = [sum((x) => x) / n, sum((_, y) => y) / n];
        const [xx, xy] = [sum((x) => (x - meanX) ** 2), sum((x, y) => (x - meanX) * (y - meanY))];
        fc.pre(xx > 0);
        const slope = xy / xx;
        const fourth = sum((x) => (x - meanX) ** 4);
        const kurtosis =
          ((n * (n + 1)) / ((n - 1) * (n - 2) * (n - 3))) * (fourth / (xx / (n - 1)) ** 2) -
          (3 * (n - 1) ** 2) / ((n - 2) * (n - 3));
        const skewness = sum((x) => (x - meanX) ** 3) / n / (xx / n) ** 1.5;
        const rows = points.map(([x, y]) => `(DOUBLE '${x}', DOUBLE '${y}')`).join(', ');
        const found = await numbers(
          `SELECT covar_pop(y, x), covar_samp(y, x), regr_slope(y, x), regr_intercept(y, x), kurtosis(x), skewness(x),
                  variance(x), var_samp(x), var_pop(x), stddev(x), stddev_samp(x), stddev_pop(x)
           FROM (VALUES ${rows}) AS t (x, y)`,
        );
        expectClose(found, [
          xy / n,
          xy / (n - 1),
          slope,
          meanY - slope * meanX,
          kurtosis,
          skewness,
          xx / (n - 1),
          xx / (n - 1),
          xx / n,
          Math.sqrt(xx / (n - 1)),
          Math.sqrt(xx / (n - 1)),
          Math.sqrt(xx / n),
        ]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('aliases of functions', () => {
  it('have the same results', async () => {
    const at = `timestamp '2022-06-17 10:15:20'`;
    const cases: readonly ExpressionCase[] = [
      [`week_of_year(${at})`, '24'],
      [`day_of_month(${at})`, '17'],
      [`dow(${at})`, '5'],
      [`day_of_year(${at})`, '168'],
      [`doy(date '2022-06-17')`, '168'],
      [`yow(date '2021-01-03')`, '2020'],
      [`second(${at})`, '20'],
      [`second(90s)`, '30'],
      [`substring('abcdef', 2, 3)`, 'bcd'],
      [`ltrim('  a ')`, 'a '],
      [`rtrim('  a ')`, '  a'],
      ['bitwise_or(12, 10)', '14'],
      ['is_finite(infinity())', 'false'],
      ['rand() < 1', 'true'],
      ['random(5, 7) BETWEEN 5 AND 6', 'true'],
      ['arbitrary(x) FROM (VALUES NULL, 7) AS t (x)', '7'],
      ['any_value(x) FROM (VALUES NULL, 7) AS t (x)', '7'],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });
});

describe('a random value', () => {
  it('is drawn once, however often it is compared', async () => {
    const drawn = 'FROM UNNEST(sequence(1, 1000)) AS t (x)';
    const counts = await numbers(
      `SELECT count_if(rand(3) IN (0, 1, 2)), count_if(rand(3) NOT IN (0, 1, 2)),
              count_if(random(5, 7) BETWEEN 5 AND 6),
              count_if(CASE rand(3) WHEN 0 THEN true WHEN 1 THEN true WHEN 2 THEN true END) ${drawn}`,
    );
    expect(counts).toEqual([1000, 0, 1000, 1000]);
  });
});

describe('ranks', () => {
  it('count ties as one', async () => {
    const rows = await server.query(
      `SELECT x, rank() OVER w, dense_rank() OVER w, cume_dist() OVER w, last_value(x) OVER w,
              nth_value(x, 2) OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
       FROM (VALUES 1, 1, 2, 3) AS t (x) WINDOW w AS (ORDER BY x) ORDER BY x`,
    );
    expect(rows).toEqual([
      ['1', '1', '1', '0.5', '1', '1'],
      ['1', '1', '1', '0.5', '1', '1'],
      ['2', '3', '2', '0.75', '2', '1'],
      ['3', '4', '3', '1.0', '3', '1'],
    ]);
  });
});
