import { describe, expect, it } from 'vitest';
import { evaluate, type ExpressionCase } from '../functions/expression-cases.ts';

const over = (expression: string, values = '1, 2, 3, 4') =>
  `${expression} FROM (VALUES ${values}) AS t (c)`;

const flags = 'true, true, false, true';

/**
 * Calls like the examples on each page of the service's developer guide, by page. Values are those
 * that the page documents.
 */
const examples: Readonly<Record<string, readonly ExpressionCase[]>> = {
  'aggregate-functions': [
    [over('array_agg(t.c)'), ['1', '2', '3', '4']],
    [over('avg(t.c)'), '2.5'],
    [over('bool_and(t.c)', flags), 'false'],
    [over('every(t.c)', flags), 'false'],
    [over('bool_or(t.c)', flags), 'true'],
    [over('count(t.c)', flags), '4'],
    [over('count_if(t.c)', flags), '3'],
    [over('round(geometric_mean(t.c), 12)'), '2.213363839401'],
    [over('max(t.c, 2)'), ['4', '3']],
    [over('min(t.c, 2)'), ['1', '2']],
    [over('sum(t.c)'), '10'],
    [over('approx_distinct(t.c)', '1, 2, 3, 4, 8'), '5'],
    [over('approx_percentile(t.c, 0.4)'), '2'],
    [over('approx_percentile(t.c, ARRAY[0.1, 0.8, 0.8])'), ['1', '4', '4']],
    [over('bitwise_and_agg(t.c)', '1, -3'), '1'],
    [over('bitwise_or_agg(t.c)', '1, -3'), '-3'],
    [over('stddev_pop(t.c)', '1, 3'), '1.0'],
    [over('var_samp(t.c)', '1, 3'), '2.0'],
    ['max_by(t.a, t.b) FROM (VALUES (1, 10), (2, 5)) AS t (a, b)', '1'],
    ['min_by(t.a, t.b, 2) FROM (VALUES (1, 10), (2, 5)) AS t (a, b)', ['2', '1']],
  ],
  'array-functions': [
    ['array_distinct(ARRAY[1,2,2,3])', ['1', '2', '3']],
    ['array_intersect(ARRAY[1,2,3], ARRAY[3,4,5])', ['3']],
    ['array_union(ARRAY[1,2,3], ARRAY[3,4,5])', ['1', '2', '3', '4', '5']],
    ['array_except(ARRAY[1,2,3], ARRAY[3,4,5])', ['1', '2']],
    [`array_join(ARRAY[1,2,3], ';', '')`, '1;2;3'],
    ['array_max(ARRAY[1,2,3])', '3'],
    ['array_min(ARRAY[1,2,3])', '1'],
    ['array_position(ARRAY[3,4,5,9], 5)', '3'],
    ['array_remove(ARRAY[3,4,5,9], 4)', ['3', '5', '9']],
    ['array_sort(ARRAY[6,8,2,9,3])', ['2', '3', '6', '8', '9']],
    ['arrays_overlap(ARRAY[6,8,2,9,3], ARRAY[6,8])', 'true'],
    ['cardinality(ARRAY[6,8,2,9,3])', '5'],
    ['concat(ARRAY[6,8,2,9,3], ARRAY[11,32])', ['6', '8', '2', '9', '3', '11', '32']],
    ['element_at(ARRAY[6,8,2,9,3], 1)', '6'],
    ['repeat(1, 3)', ['1', '1', '1']],
    ['reverse(ARRAY[6,8,2,9,3])', ['3', '9', '2', '8', '6']],
    ['sequence(3, 8)', ['3', '4', '5', '6', '7', '8']],
    ['sequence(3, 10, 2)', ['3', '5', '7', '9']],
    ['cardinality(shuffle(ARRAY[6,8,2,9,3]))', '5'],
    ['slice(ARRAY[6,8,2,9,3], 1, 3)', ['6', '8', '2']],
    [
      'zip(ARRAY[6,8], ARRAY[3,4])',
      [
        ['6', '3'],
        ['8', '4'],
      ],
    ],
  ],
  'date-time-functions': [
    [`date('2022-07-07')`, '2022-07-07'],
    ['current_timezone()', 'UTC'],
    [`last_day_of_month(date '2022-06-17')`, '2022-06-30'],
    [`date_trunc('minute', '2022-06-17 17:44:43.771000000')`, '2022-06-17 17:44:00.000000000'],
    [`to_milliseconds(interval '2' day + interval '3' hour)`, '183600000'],
    [`to_nanoseconds(interval '2' day + interval '3' hour)`, '183600000000000'],
    [`to_unixtime('2022-06-17 17:44:43.771000000')`, '1.6554878837710001E9'],
    [`date_add('hour', 9, timestamp '2022-06-17 00:00:00')`, '2022-06-17 09:00:00.000000000'],
    [`date_diff('day', date '2020-03-01', date '2020-03-02')`, '1'],
    [`parse_duration('42.8ms')`, '0 00:00:00.042800000'],
    [`parse_duration('3.81 d')`, '3 19:26:24.000000000'],
    [`typeof(parse_duration('5m'))`, 'interval day to second'],
    [`human_readable_seconds(96)`, '1 minute, 36 seconds'],
    [`date_format(timestamp '2019-10-20 10:20:20', '%Y-%m-%d %H:%i:%s')`, '2019-10-20 10:20:20'],
    [`date_parse('2019-10-20 10:20:20', '%Y-%m-%d %H:%i:%s')`, '2019-10-20 10:20:20.000000000'],
    [
      `format_datetime(parse_datetime('1968-01-13 12', 'yyyy-MM-dd HH'), 'yyyy-MM-dd HH')`,
      '1968-01-13 12',
    ],
    [`extract(year FROM '2019-10-12 23:10:34.000000000')`, '2019'],
    [`day_of_week(timestamp '2019-10-12 23:10:34')`, '6'],
    [`nanosecond(timestamp '2022-06-17 10:15:20.000000005')`, '5'],
  ],
  'date-time-operators': [
    [`date '2022-05-21' + 2day`, '2022-05-23'],
    [`interval '4' year + interval '2' month`, '4-2'],
    ['typeof(1month)', 'interval year to month'],
    ['12month', '1-0'],
  ],
  'comparison-functions': [
    ['greatest(1, 2, 3)', '3'],
    [`'hello' = ANY (VALUES 'hello', 'world')`, 'true'],
    ['21 < ALL (VALUES 19, 20, 21)', 'false'],
    ['42 >= SOME (SELECT 41 UNION ALL SELECT 42 UNION ALL SELECT 43)', 'true'],
  ],
  'regular-expression-functions': [
    [`regexp_extract_all('example expect complex', 'ex\\w')`, ['exa', 'exp']],
    [`regexp_extract('example expect', 'ex\\w')`, 'exa'],
    [`regexp_like('example', 'ex')`, 'true'],
    [`regexp_replace('example expect', 'expect')`, 'example '],
    [`regexp_replace('example expect', 'ex', 'EX')`, 'EXample EXpect'],
    [`regexp_split('example', 'x')`, ['e', 'ample']],
  ],
};

describe.each(Object.entries(examples))('the page %s', (_page, cases) => {
  it('is answered as documented', async () => {
    expect(await evaluate(cases)).toEqual(cases);
  });
});
