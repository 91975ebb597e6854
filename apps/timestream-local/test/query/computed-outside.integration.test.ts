import { describe, expect, it } from 'vitest';
import { evaluate, type ExpressionCase } from '../functions/expression-cases.ts';

const of = (expression: string, rest: string) =>
  `(SELECT array_agg(v) FROM (SELECT ${expression} AS v ${rest}))`;

const two = `FROM (VALUES ('1', 10), ('a', 20)) AS t (s, b)`;

// Goal: TRY accepts every expression. Method: expressions that DuckDB's TRY does not support.
describe('TRY', () => {
  it("is NULL if the use of a subquery's result fails", async () => {
    const cases: readonly ExpressionCase[] = [
      ['try(1 / (SELECT 0))', null],
      ['try(6 / (SELECT 2))', '3'],
      [`TRY_CAST((SELECT 'a') AS bigint)`, null],
      [`try(CASE WHEN 2 IN (SELECT 2) THEN CAST('x' AS bigint) ELSE 1 END)`, null],
      ['try((SELECT 1)) + try(1 / 0)', null],
      ['try(1 / try(1 / (SELECT 0)))', null],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });

  it('accepts keys of GROUP BY', async () => {
    const cases: readonly ExpressionCase[] = [
      [of('TRY_CAST(s AS bigint)', `${two} GROUP BY s, b ORDER BY b`), ['1', null]],
      [of('try(1 / (b - 10))', `${two} GROUP BY 1 ORDER BY 1`), ['0', null]],
      [of('try(10 / (b / 10 - 1))', `${two} GROUP BY b / 10, b ORDER BY b`), [null, '10']],
      [of('sum(TRY_CAST(s AS bigint))', `${two} GROUP BY s ORDER BY s`), ['1', null]],
      [of('s', `${two} GROUP BY s HAVING TRY_CAST(s AS bigint) IS NULL`), ['a']],
      [of('s', `${two} GROUP BY s ORDER BY TRY_CAST(s AS bigint) NULLS FIRST`), ['a', '1']],
      [of('TRY_CAST(s AS bigint)', `${two} GROUP BY ROLLUP (s) ORDER BY s`), ['1', null, null]],
      [of('transform(ARRAY[1], x -> try(s))', `${two} GROUP BY s ORDER BY s`), [['1'], ['a']]],
      [
        of('try(b)', `${two} GROUP BY s`),
        `!line 1:46: 'b' must be an aggregate expression or appear in GROUP BY clause`,
      ],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });

  it('accepts aggregates and window functions, but does not catch their own failures', async () => {
    const cases: readonly ExpressionCase[] = [
      [of('try(1 / (sum(b) - 30))', two), [null]],
      [of('TRY_CAST(max(s) AS bigint)', two), [null]],
      [of('TRY_CAST(lag(s) OVER (ORDER BY b) || s AS bigint)', `${two} ORDER BY b`), [null, null]],
      [of('try(10 / row_number() OVER (ORDER BY b))', `${two} ORDER BY b`), ['10', '5']],
      [of('try(sum(1 / (b - 10)))', two), '!Division by zero'],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });

  it('accepts random numbers, but not within a lambda', async () => {
    const cases: readonly ExpressionCase[] = [
      ['try(random(1))', '0'],
      ['TRY_CAST(random(0) AS double)', null],
      ['try(random() <> random())', 'true'],
      [
        'try(transform(ARRAY[1], x -> random(1)))',
        '!line 1:8: TRY over random numbers within a lambda is not supported',
      ],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });
});

// Goal: lambdas, including those in the SQL of functions, can name everything that an expression
// may.
describe('a lambda', () => {
  it('can name columns of relations to the left of UNNEST and LATERAL', async () => {
    const cases: readonly ExpressionCase[] = [
      [
        of('x', `${two} CROSS JOIN UNNEST(transform(ARRAY[1, 2], n -> b + n)) AS u (x) ORDER BY x`),
        ['11', '12', '21', '22'],
      ],
      [of('x', `${two} CROSS JOIN UNNEST(repeat(s, 2)) AS u (x) ORDER BY x`), ['1', '1', 'a', 'a']],
      [
        of(
          'x',
          `${two} CROSS JOIN UNNEST(zip_with(ARRAY[1], ARRAY[2], (m, n) -> try(m / (b - 10)))) AS u (x) ORDER BY b`,
        ),
        [null, '0'],
      ],
      [
        of(
          'x',
          `${two} CROSS JOIN LATERAL (SELECT filter(ARRAY['a', 'b'], n -> n = s)) AS u (x) ORDER BY b`,
        ),
        [[], ['a']],
      ],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });

  it('can name columns of outer queries, in addition to its own', async () => {
    const cases: readonly ExpressionCase[] = [
      [
        of(
          `(SELECT transform(ARRAY[1], n -> b + c + n) FROM (VALUES 5) AS u (c))`,
          `${two} ORDER BY b`,
        ),
        [['16'], ['26']],
      ],
      [
        of(`(SELECT array_distinct(ARRAY[s, d]) FROM (VALUES 'a') AS u (d))`, `${two} ORDER BY b`),
        [['1', 'a'], ['a']],
      ],
      [
        of(
          '(SELECT sum(cardinality(filter(ARRAY[10, c], n -> n = b))) FROM (VALUES 10, 20) AS u (c))',
          `${two} ORDER BY b`,
        ),
        ['3', '1'],
      ],
      [
        of(
          's',
          `${two} WHERE EXISTS (SELECT 1 FROM (VALUES 'a') AS u (d) WHERE contains(ARRAY[d], s))`,
        ),
        ['a'],
      ],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });

  it('can name keys of GROUP BY', async () => {
    const cases: readonly ExpressionCase[] = [
      [of('transform(ARRAY[1], n -> b + n)', `${two} GROUP BY b ORDER BY b`), [['11'], ['21']]],
      [
        of('transform(ARRAY[1], n -> b + n)', `${two} GROUP BY s`),
        `!line 1:67: 'b' must be an aggregate expression or appear in GROUP BY clause`,
      ],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });

  it('receives results of subqueries, and contains none', async () => {
    const cases: readonly ExpressionCase[] = [
      ['array_except(ARRAY[1, 2], (SELECT ARRAY[1]))', ['2']],
      ['array_union((SELECT ARRAY[1]), ARRAY[1, 2])', ['1', '2']],
      ['array_remove(ARRAY[1, 2], (SELECT 1))', ['2']],
      ['repeat((SELECT 1), 2)', ['1', '1']],
      ['cardinality(array_intersect(ARRAY[1], (SELECT ARRAY[1]))) + (SELECT 1)', '2'],
      ['CASE random(1) WHEN 0 THEN (SELECT 1) ELSE (SELECT 2) END', '1'],
      ['random(1) IN (1, (SELECT 0))', 'true'],
      [
        'transform(ARRAY[1], x -> (SELECT 1))',
        '!line 1:33: Lambda expression cannot contain subqueries',
      ],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });
});
