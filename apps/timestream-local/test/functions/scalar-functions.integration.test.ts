import { describe, expect, it } from 'vitest';
import { evaluate, type ExpressionCase } from './expression-cases.ts';

// The expected values come from Trino's documentation and its definition of each function.
describe('scalar functions', () => {
  it('evaluate conditions', async () => {
    const cases: readonly ExpressionCase[] = [
      ['coalesce(NULL, 2, 3)', '2'],
      ['nullif(1, 1)', null],
      [`if(1 < 2, 'a', 'b')`, 'a'],
      ['if(1 > 2, 5)', null],
      ['try(1 / 0)', null],
      [`try(cast('x' AS bigint))`, null],
      ['greatest(1, 2.5)', '2.5'],
      ['least(3, NULL)', null],
      [`CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' END`, 'b'],
      ['1 IS DISTINCT FROM NULL', 'true'],
      ['NULL = NULL', null],
      [`'abc' LIKE 'a_c'`, 'true'],
      [`'a%c' LIKE 'a\\%c' ESCAPE '\\'`, 'true'],
      ['3 NOT BETWEEN 1 AND 2', 'true'],
      ['2 IN (1, NULL)', null],
      ['typeof(1.5)', 'double'],
      [`typeof(ARRAY[1, 2])`, 'array(integer)'],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });

  it('calculate', async () => {
    const cases: readonly ExpressionCase[] = [
      ['7 / 2', '3'],
      ['-7 / 2', '-3'],
      ['-7 % 3', '-1'],
      ['7 / 2.0', '3.5'],
      ['1 / 0', '!Division by zero'],
      ['1.0 / 0', 'Infinity'],
      ['2147483647 + 1', '!integer addition overflow: 2147483647 + 1'],
      ['2147483648 + 1', '2147483649'],
      ['abs(-2.5)', '2.5'],
      ['ceil(-1.5)', '-1.0'],
      ['floor(3)', '3'],
      ['round(2.5)', '3.0'],
      ['round(-2.5)', '-3.0'],
      ['round(1.255, 1)', '1.3'],
      ['truncate(-1.9)', '-1.0'],
      ['sign(-3)', '-1'],
      ['mod(-5, 3)', '-2'],
      ['sqrt(-1)', 'NaN'],
      ['sqrt(16)', '4.0'],
      ['ln(0)', '-Infinity'],
      ['log2(8)', '3.0'],
      ['log(2, 8)', '3.0'],
      ['power(2, 10)', '1024.0'],
      ['pi()', '3.141592653589793'],
      ['e()', '2.718281828459045'],
      ['acos(2)', 'NaN'],
      ['is_nan(nan())', 'true'],
      ['is_infinite(infinity())', 'true'],
      [`from_base('ff', 16)`, '255'],
      [`to_base(255, 2)`, '11111111'],
      ['bitwise_and(12, 10)', '8'],
      ['bitwise_xor(12, 10)', '6'],
      ['bitwise_not(1)', '-2'],
      ['bit_count(7, 64)', '3'],
      ['bit_count(-1, 8)', '8'],
      ['degrees(pi())', '180.0'],
      ['random() BETWEEN 0 AND 1', 'true'],
      ['1e100', '1.0E100'],
      ['0.0001', '1.0E-4'],
      ['12345678.9', '1.23456789E7'],
      ['9999999.0', '9999999.0'],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });

  it('work on strings', async () => {
    const cases: readonly ExpressionCase[] = [
      [`'a' || 'b' || 'c'`, 'abc'],
      [`concat('a', 'b', 'c')`, 'abc'],
      [`concat('a', NULL)`, null],
      [`length('äö😀')`, '3'],
      [`lower('ABC')`, 'abc'],
      [`reverse('abc')`, 'cba'],
      [`substr('abcdef', 2, 3)`, 'bcd'],
      [`substr('abcdef', -2)`, 'ef'],
      [`substr('abc', 0)`, ''],
      [`substr('abc', 9)`, ''],
      [`trim('\t a ')`, 'a'],
      [`lpad('7', 3, '0')`, '007'],
      [`rpad('abc', 2, 'x')`, 'ab'],
      [`replace('banana', 'an', 'x')`, 'bxxa'],
      [`replace('banana', 'an')`, 'ba'],
      [`split('a,b,c', ',')`, ['a', 'b', 'c']],
      [`split('a,b,c', ',', 2)`, ['a', 'b,c']],
      [`split_part('a,b,c', ',', 2)`, 'b'],
      [`split_part('a,b,c', ',', 9)`, null],
      [`strpos('banana', 'an')`, '2'],
      [`strpos('banana', 'an', 2)`, '4'],
      [`strpos('banana', 'an', -1)`, '4'],
      [`position('n' IN 'banana')`, '3'],
      [`starts_with('abc', 'ab')`, 'true'],
      [`chr(65)`, 'A'],
      [`codepoint('A')`, '65'],
      [`strpos('banana', '', 1000000000000)`, '1'],
      [
        `lpad('a', 1000001, 'b')`,
        '!lpad takes a length from 0 to 1000000 and a padding that is not empty',
      ],
      [`levenshtein_distance('kitten', 'sitting')`, '3'],
      [
        `levenshtein_distance(lpad('', 2000, 'x'), lpad('', 2000, 'y'))`,
        '!The combined inputs for Levenshtein distance are too large: at most 1,000,000 characters of one times characters of the other',
      ],
      [`hamming_distance('abc', 'abd')`, '1'],
      [`translate('abc', 'ac', 'x')`, 'xb'],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });

  it('match patterns', async () => {
    const cases: readonly ExpressionCase[] = [
      [`regexp_like('1a 2b 14m', '\\d+b')`, 'true'],
      [`regexp_extract('1a 2b 14m', '(\\d+)([a-z]+)', 2)`, 'a'],
      [`regexp_extract('abc', '\\d+')`, null],
      [`regexp_extract_all('1a 2b 14m', '\\d+')`, ['1', '2', '14']],
      [`regexp_extract_all('1a 2b 14m', '(\\d+)([a-z]+)', 2)`, ['a', 'b', 'm']],
      [`regexp_replace('1a 2b 14m', '\\d+[ab] ')`, '14m'],
      [`regexp_replace('1a 2b 14m', '(\\d+)([ab]) ', '3c$2 ')`, '3ca 3cb 14m'],
      [`regexp_replace('a.b', '\\.', '\\\\')`, 'a\\b'],
      [`regexp_replace('a.b', '\\.', '\\$1')`, 'a$1b'],
      ["regexp_replace('abc', '(?<x>b)', '[${x}]')", 'a[b]c'],
      [`regexp_replace('abc', 'b', '$1')`, '!line 1:8: No group 1'],
      [`regexp_replace('new york', '(\\w)(\\w*)', x -> upper(x[1]) || lower(x[2]))`, 'New York'],
      [
        `regexp_extract('1a', '(\\d)a', 2)`,
        '!line 1:8: Pattern has 1 groups. Cannot access group 2',
      ],
      [
        `regexp_like('ab', '(?<=a)b')`,
        '!line 1:8: look-around and atomic groups in a regular expression are not supported here',
      ],
      [`regexp_split('1a 2b 14m', '\\s*[a-z]+\\s*')`, ['1', '2', '14', '']],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });

  it('read JSON', async () => {
    const cases: readonly ExpressionCase[] = [
      [`json_extract('{"a": {"b": [1, 2]}}', '$.a.b[1]')`, '2'],
      [`json_extract('{"a": {"b": [1, 2]}}', '$.a')`, '{"b":[1,2]}'],
      [`json_extract_scalar('{"a": "x"}', '$.a')`, 'x'],
      [`json_extract_scalar('{"a": [1]}', '$.a')`, null],
      [`json_extract_scalar('{"a b": 5}', '$["a b"]')`, '5'],
      [`json_extract('nonsense', '$.a')`, null],
      [`json_size('{"x": [1, 2, 3]}', '$.x')`, '3'],
      [`json_size('{"x": {"a": 1}}', '$.x')`, '1'],
      [`json_array_length('[1, 2, 3]')`, '3'],
      [`json_array_get('["a", "b"]', -1)`, '"b"'],
      [`json_array_contains('[1, 2, 3]', 2)`, 'true'],
      [`json_array_contains('["a"]', 'b')`, 'false'],
      [`json_format(json_parse('[1, 2]'))`, '[1,2]'],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });

  it('cast', async () => {
    const cases: readonly ExpressionCase[] = [
      [`cast('12' AS bigint)`, '12'],
      [`cast('1.5' AS bigint)`, `!Cannot cast '1.5' to bigint`],
      [`try_cast('1.5' AS bigint)`, null],
      [`cast(2.5 AS integer)`, '3'],
      [`cast(-2.5 AS bigint)`, '-3'],
      [`cast(3000000000 AS integer)`, '!Out of range for integer: 3000000000'],
      [`cast(true AS varchar)`, 'true'],
      [`cast('T' AS boolean)`, 'true'],
      [`cast(1.0 AS varchar)`, '1.0'],
      [`cast(time '01:02:03.004' AS varchar)`, '01:02:03.004000000'],
      [`cast('2020-08-08 01:00:00.123456789' AS timestamp)`, '2020-08-08 01:00:00.123456789'],
      [`cast('2020-02-30' AS date)`, `!Cannot cast '2020-02-30' to date`],
      [`cast(date '2020-08-08' AS timestamp)`, '2020-08-08 00:00:00.000000000'],
      [`cast(timestamp '2020-08-08 01:02' AS date)`, '2020-08-08'],
      [`cast(ARRAY[1, 2] AS array(varchar))`, ['1', '2']],
      [`cast(ROW(1, 'a') AS row(x bigint, y varchar)).y`, 'a'],
      [`DOUBLE '0.5'`, '0.5'],
      [`cast(1 AS frog)`, '!line 1:18: Unknown type: frog'],
      [`cast(ARRAY[1] AS bigint)`, '!line 1:8: Cannot cast array(integer) to bigint'],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });
});
