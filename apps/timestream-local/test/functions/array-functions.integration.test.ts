import { describe, expect, it } from 'vitest';
import { evaluate, type ExpressionCase } from './expression-cases.ts';

describe('array functions', () => {
  it('split arrays', async () => {
    const cases: readonly ExpressionCase[] = [
      ['cardinality(ARRAY[1, 2])', '2'],
      ['ARRAY[1, 2][2]', '2'],
      [
        'ARRAY[1, 2][3]',
        '!Array subscript must be greater than 0 and less than or equal to array length',
      ],
      ['element_at(ARRAY[1, 2], -1)', '2'],
      ['element_at(ARRAY[1, 2], 3)', null],
      ['element_at(ARRAY[1, 2], 0)', '!SQL array indices start at 1'],
      ['contains(ARRAY[1, 2], 2)', 'true'],
      ['array_position(ARRAY[1, 2], 5)', '0'],
      ['slice(ARRAY[1, 2, 3, 4], 2, 2)', ['2', '3']],
      ['slice(ARRAY[1, 2, 3, 4], -2, 2)', ['3', '4']],
      ['array_max(ARRAY[1, 3, 2])', '3'],
      ['array_min(ARRAY[1, NULL])', null],
      [`array_join(ARRAY[1, NULL, 3], '-')`, '1-3'],
      [`array_join(ARRAY[1.5, NULL], '-', '?')`, '1.5-?'],
      [`array_join(ARRAY[1], NULL)`, null],
      [
        `transform(ARRAY[', ', '', NULL], s -> array_join(ARRAY[1, NULL, 3], s))`,
        ['1, 3', '13', null],
      ],
      [`transform(ARRAY[', '], s -> array_join(ARRAY[1, NULL], s, s))`, ['1, , ']],
      [`transform(ARRAY[', '], s -> array_join(CAST(NULL AS array(date)), s))`, [null]],
      [`transform(ARRAY[', '], s -> array_join(ARRAY[CAST(NULL AS date)], s))`, ['']],
      [`transform(ARRAY['-'], s -> split('a-b-c', s, 2))`, [['a', 'b-c']]],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });

  it('make arrays from arrays', async () => {
    const cases: readonly ExpressionCase[] = [
      ['array_distinct(ARRAY[3, 1, 3, NULL, NULL])', ['3', '1', null]],
      ['array_intersect(ARRAY[1, 2, 2], ARRAY[2, 3])', ['2']],
      ['array_union(ARRAY[1, 2], ARRAY[2, 3])', ['1', '2', '3']],
      ['array_except(ARRAY[1, 2, 3], ARRAY[2])', ['1', '3']],
      ['array_remove(ARRAY[1, 2, 1], 1)', ['2']],
      ['array_sort(ARRAY[3, NULL, 1])', ['1', '3', null]],
      ['arrays_overlap(ARRAY[1, 2], ARRAY[2])', 'true'],
      ['flatten(ARRAY[ARRAY[1], ARRAY[2, 3]])', ['1', '2', '3']],
      [`repeat('a', 3)`, ['a', 'a', 'a']],
      ['reverse(ARRAY[1, 2])', ['2', '1']],
      ['concat(ARRAY[1], ARRAY[2], ARRAY[3])', ['1', '2', '3']],
      ['ARRAY[1] || 2', ['1', '2']],
      ['0 || ARRAY[1]', ['0', '1']],
      [
        `zip(ARRAY[1, 2], ARRAY['a'])`,
        [
          ['1', 'a'],
          ['2', null],
        ],
      ],
      ['zip_with(ARRAY[1, 2], ARRAY[10, 20], (a, b) -> a + b)', ['11', '22']],
      ['sequence(1, 5, 2)', ['1', '3', '5']],
      ['sequence(3, 1)', ['3', '2', '1']],
      ['sequence(1, 20000)', '!result of sequence function must not have more than 10000 entries'],
      [
        `sequence(timestamp '2020-01-01 00:00', timestamp '2020-01-01 02:00', 1h)`,
        [0, 1, 2].map((hour) => `2020-01-01 0${hour}:00:00.000000000`),
      ],
      [
        `sequence(timestamp '2020-01-31 00:00', timestamp '2020-03-31 00:00', 1month)`,
        ['2020-01-31', '2020-02-29', '2020-03-31'].map((day) => `${day} 00:00:00.000000000`),
      ],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });

  it('apply lambdas', async () => {
    const cases: readonly ExpressionCase[] = [
      ['transform(ARRAY[1, 2], x -> x * 2)', ['2', '4']],
      ['transform(ARRAY[1, 2], x -> cast(x AS varchar))', ['1', '2']],
      ['filter(ARRAY[1, 2, 3], x -> x % 2 = 1)', ['1', '3']],
      ['reduce(ARRAY[1, 2, 3], 0, (s, x) -> s + x, s -> s)', '6'],
      ['reduce(ARRAY[1, 2, 3], 0, (s, x) -> s + x * 0.5, s -> s * 2)', '6.0'],
      ['reduce(ARRAY[5], 10, (s, x) -> s - x, s -> s)', '5'],
      [
        `reduce(ARRAY[1.0, 3.0], CAST(ROW(0.0, 0) AS ROW(sum DOUBLE, count INTEGER)),
        (s, x) -> CAST(ROW(s.sum + x, s.count + 1) AS ROW(sum DOUBLE, count INTEGER)),
        s -> s.sum / s.count)`,
        '2.0',
      ],
      [
        'transform(ARRAY[ARRAY[1], ARRAY[2]], x -> transform(x, y -> y + cardinality(x)))',
        [['2'], ['3']],
      ],
      [
        'reduce(ARRAY[1, 2], 0, (s, x) -> s + reduce(ARRAY[10, 20], 0, (t, y) -> t + x * y, t -> t), s -> s)',
        '90',
      ],
      [
        'zip_with(ARRAY[1, 2], ARRAY[3, 4], (x, y) -> zip_with(ARRAY[10], ARRAY[5], (u, v) -> x + y * 100 + u + v))',
        [['316'], ['417']],
      ],
      ['transform(ARRAY[1], x -> z)', `!line 1:33: Column 'z' does not exist`],
      [
        'filter(ARRAY[1], x -> x)',
        '!line 1:30: Expected a lambda that returns boolean, but it returns integer',
      ],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });
});
