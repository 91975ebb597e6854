import type { SeededRandom } from '@highwater/testkit';
import type { SqlType } from '../../src/types/sql-type.ts';
import { typeText } from '../../src/types/sql-type.ts';

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

const mildIntegers = ['0', '1', '2', '3', '5', '10', '(-1)', '(-7)', '60', '100'];
const hardIntegers = ['1000', '10000', '65536', '1000000', '2147483647', '(-2147483647)'];
const hardBigints = [
  ...hardIntegers,
  '100000',
  '2147483648',
  '9007199254740993',
  '9223372036854775807',
  '(-9223372036854775808)',
];
const mildDoubles = ['0.0', '1.5', '(-2.25)', '0.1', '100.0', '3.0'];
const hardDoubles = [
  'nan()',
  'infinity()',
  '(-infinity())',
  '1e308',
  '(-1e308)',
  '5e-324',
  '1e18',
  '9223372036854775807.0',
  '(-0.0)',
  '10000.0',
];
const mildTexts = ['', 'a', 'b', 'abc', 'a,b,,c', 'Hello World', ' x ', '12', '-1.5', 'true'];
const hardTexts = [
  '2024-03-10 12:00:00.123456789',
  '2024-03-10T12:00:00Z',
  '2024-02-30',
  '12:34:56',
  '{"a": [1, {"b": null}], "c": "x"}',
  '[1, 2, [3, "a"], {"k": 1.5}]',
  'ÄÖÜß€𝄞 e\u0301',
  'naïve\tline\nbreak\u0000end',
  "it's",
  '%_\\',
  '1d2h3m',
  '9223372036854775808',
  'NaN',
  '$1 ${name} \\1',
];
/** Lengths at which a limit is exceeded by a text or a list. */
const mildLengths = ['10', '100', '1000'];
const lengths = ['100', '1000', '2048', '2049', '4097', '10000'];
const textLengths = [...lengths, '60000', '100000', '1000000'];

const timestamps = [
  '2024-03-10 12:00:00',
  '2024-03-10 11:59:59.999999999',
  '1970-01-01 00:00:00',
  '2024-02-29 23:59:59',
];
const hardTimestamps = ['2262-04-11 23:47:16.854775807', '1969-12-31 23:59:59', '2199-12-31'];
const durations = [
  '1s',
  '5m',
  '1h',
  '30d',
  '1ns',
  "INTERVAL '2' DAY",
  "INTERVAL '1 02:03' DAY TO MINUTE",
];
const hardDurations = ['0s', '(-1s)', '106751d', '9223372036854775807ns', "INTERVAL -'100' DAY"];
const monthCounts = ['1month', '1y', "INTERVAL '2-7' YEAR TO MONTH", '0month'];
const hardMonths = ['(-1month)', '1200y', '2147483647month'];

/** How often a constant is a harmful one. */
const hardShare = 0.15;
const nullShare = 0.04;

/** How constants are drawn. */
export interface Drawing {
  readonly random: SeededRandom;
  /** Whether texts and lists may be so long that they are expensive in each row. */
  readonly isWild: boolean;
}

/** A constant expression of a type. None for a timeseries, which is always made from rows. */
export function constantOf(drawing: Drawing, type: SqlType): string {
  const { random } = drawing;
  if (random.chance(nullShare)) return nullOf(type);
  const isHard = random.chance(hardShare);
  switch (type.kind) {
    case 'boolean':
      return random.pick(['true', 'false']);
    case 'integer':
      return random.pick(isHard ? hardIntegers : mildIntegers);
    case 'bigint':
      return isHard ? random.pick(hardBigints) : `CAST(${random.pick(mildIntegers)} AS bigint)`;
    case 'double':
      return random.pick(isHard ? hardDoubles : mildDoubles);
    case 'varchar':
      return textOf(drawing, isHard);
    case 'timestamp':
      return `TIMESTAMP ${quoted(random.pick(isHard ? hardTimestamps : timestamps))}`;
    case 'date':
      return `DATE ${quoted(random.pick(isHard ? ['9999-12-31', '0001-01-01', '1969-12-31', '2262-04-12'] : ['2024-03-10', '1970-01-01', '2024-02-29']))}`;
    case 'time':
      return `TIME ${quoted(random.pick(['00:00:00', '12:34:56.789', '23:59:59.999999999']))}`;
    case 'interval day to second':
      return random.pick(isHard ? hardDurations : durations);
    case 'interval year to month':
      return random.pick(isHard ? hardMonths : monthCounts);
    case 'unknown':
      return 'NULL';
    case 'array':
      return arrayOf(drawing, type.element, isHard);
    case 'row':
      return `ROW(${type.fields.map((field) => constantOf(drawing, field.type)).join(', ')})`;
    case 'timeseries':
      return nullOf(type);
  }
}

/** NULL, of the type. */
export function nullOf(type: SqlType): string {
  return `CAST(NULL AS ${typeText(type)})`;
}

function textOf({ random, isWild }: Drawing, isHard: boolean): string {
  if (!isHard) return quoted(random.pick(mildTexts));
  if (random.chance(0.5)) return quoted(random.pick(hardTexts));
  const filling = quoted(random.pick(['a', 'ab', ', ', 'aA1é', '12']));
  return `rpad(${quoted(random.pick(['', 'a', 'b']))}, ${random.pick(isWild ? textLengths : mildLengths)}, ${filling})`;
}

function arrayOf(drawing: Drawing, element: SqlType, isHard: boolean): string {
  const { random, isWild } = drawing;
  const isEmpty = random.chance(0.15);
  if (isEmpty) return `CAST(ARRAY[] AS array(${typeText(element)}))`;
  if (isHard) {
    const sequence = `sequence(1, ${random.pick(isWild ? lengths : mildLengths)})`;
    if (element.kind === 'bigint') return sequence;
    return `transform(${sequence}, hard_item -> ${constantOf(drawing, element)})`;
  }
  const items = Array.from({ length: random.int(1, 4) }, () => constantOf(drawing, element));
  return `ARRAY[${items.join(', ')}]`;
}
