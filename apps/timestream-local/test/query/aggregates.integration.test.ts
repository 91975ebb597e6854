import { describe, expect, it } from 'vitest';
import { evaluate, type ExpressionCase } from '../functions/expression-cases.ts';
import { startFixture } from '../fixture.ts';

const over = (expression: string, values: string) =>
  `(SELECT ${expression} FROM (VALUES ${values}) AS t (x, y))`;

const four = '(1, 10), (2, 20), (3, 30), (4, 40)';
const some = '(1.0, 2.0), (2.0, 3.0), (3.0, 10.0), (10.0, 11.0)';

describe('aggregates', () => {
  it('fold columns', async () => {
    const cases: readonly ExpressionCase[] = [
      [over('count(*)', four), '4'],
      [over('count(DISTINCT x / 2)', four), '3'],
      [over('sum(x)', four), '10'],
      [over('sum(x) FILTER (WHERE x > 2)', four), '7'],
      [over('avg(x)', four), '2.5'],
      [over('min_by(x, y)', four), '1'],
      [over('max_by(x, y, 2)', four), ['4', '3']],
      [over('max(x, 2)', four), ['4', '3']],
      [over('array_agg(x ORDER BY x DESC)', four), ['4', '3', '2', '1']],
      [over('approx_percentile(x, 0.4)', four), '2'],
      [over('approx_percentile(x, ARRAY[0.25, 0.5])', four), ['1', '2']],
      [over('approx_percentile(x, y, 0.5)', four), '3'],
      [over('approx_percentile(x, y / 100.0)', '(3, 50), (1, 50), (NULL, 50), (2, 50)'), '2'],
      [
        over('approx_percentile(x, transform(sequence(1, 3), n -> n / 4.0))', four),
        ['1', '2', '3'],
      ],
      [over('approx_percentile(x, (SELECT 0.75))', four), '3'],
      [
        `(SELECT array_agg(p) FROM (SELECT ${over('approx_percentile(x, s)', four)} AS p FROM (VALUES 0.5, 1.0) AS u (s) ORDER BY s))`,
        ['2', '4'],
      ],
      [over('approx_percentile(x, NULL)', four), null],
      [over('approx_percentile(x, random(1) + 0.75)', four), '3'],
      [over('approx_percentile(x, y, x / 4.0)', '(2, 1), (2, 3)'), '2'],
      [over('approx_percentile(x, y / 1.0)', four), '!Percentile must be between 0 and 1'],
      [over('approx_distinct(x)', four), '4'],
      [over('approx_distinct(DISTINCT x)', four), '4'],
      [over('approx_distinct(DISTINCT x / 2, 0.1) FILTER (WHERE x > 1)', four), '2'],
      [over('count_if(x > 1)', four), '3'],
      [over('bool_and(x > 1)', four), 'false'],
      [over('geometric_mean(x)', '(2, 0), (8, 0)'), '4.0'],
      [over('stddev(x)', '(1.0, 0), (3.0, 0)'), '1.4142135623730951'],
      [over('var_pop(x)', '(1.0, 0), (3.0, 0)'), '1.0'],
      [over('round(corr(x, y), 9)', four), '1.0'],
      [over('regr_slope(y, x)', four), '10.0'],
      [over('bitwise_and_agg(x)', '(12, 0), (10, 0)'), '8'],
      [over('round(skewness(x), 6)', some), '1.018234'],
      [over('max_by(x, y)', '(1, 1), (NULL, 2)'), null],
      [
        over('sum(x)', '(9223372036854775807, 0), (1, 0)'),
        '!Out of range for bigint: 9223372036854775808',
      ],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });

  it('reject expressions without a single value per group', async () => {
    await using server = await startFixture();
    const from = `FROM (VALUES ${four}) AS t (x, y)`;
    const problem = (sql: string) =>
      server.query(sql).then(String, (error: unknown) => (error as Error).message);
    expect(await problem(`SELECT x, count(*) ${from}`)).toBe(
      `line 1:8: 'x' must be an aggregate expression or appear in GROUP BY clause`,
    );
    expect(await problem(`SELECT x + 1 ${from} GROUP BY y`)).toMatch(/^line 1:8: 'x' must be/);
    expect(await problem(`SELECT sum(sum(x)) ${from}`)).toMatch(/^line 1:12: aggregation 'sum'/);
    expect(await problem(`SELECT 1 ${from} WHERE count(*) > 1`)).toMatch(/WHERE clause cannot/);
    expect(await problem(`SELECT x AS k, count(*) ${from} GROUP BY k`)).toMatch(
      /Column 'k' does not exist/,
    );
    expect(
      await server.query(`SELECT x + 1, count(*) ${from} GROUP BY x + 1 ORDER BY 1 LIMIT 1`),
    ).toEqual([['2', '1']]);
    expect(
      await server.query(`SELECT (x + 1) * 2 ${from} GROUP BY x + 1 ORDER BY 1 LIMIT 1`),
    ).toEqual([['4']]);
  });

  it('work over windows', async () => {
    await using server = await startFixture();
    const rows = await server.query(
      `SELECT x, row_number() OVER w, sum(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW),
              lag(x) OVER w, lead(x, 2, 0) OVER w, first_value(x) OVER w, ntile(2) OVER w,
              percent_rank() OVER w
       FROM (VALUES ${four}) AS t (x, y) WINDOW w AS (ORDER BY x) ORDER BY x`,
    );
    expect(rows).toEqual([
      ['1', '1', '1', null, '3', '1', '1', '0.0'],
      ['2', '2', '3', '1', '4', '1', '1', '0.3333333333333333'],
      ['3', '3', '5', '2', '0', '1', '2', '0.6666666666666666'],
      ['4', '4', '7', '3', '0', '1', '2', '1.0'],
    ]);
  });

  it.each(['w AS (w)', 'w AS (v), v AS (w)'])('reject an invalid window: %s', async (windows) => {
    await using server = await startFixture();
    await expect(server.query(`SELECT rank() OVER w WINDOW ${windows}`)).rejects.toThrow(
      /^line 1:\d+: Cannot resolve WINDOW name/,
    );
  });

  it('group by sets', async () => {
    await using server = await startFixture();
    const rows = await server.query(
      `SELECT x, y, count(*) FROM (VALUES (1, 'a'), (1, 'b')) AS t (x, y)
       GROUP BY ROLLUP (x, y) ORDER BY x, y`,
    );
    expect(rows).toEqual([
      ['1', 'a', '1'],
      ['1', 'b', '1'],
      ['1', null, '2'],
      [null, null, '2'],
    ]);
  });
});
