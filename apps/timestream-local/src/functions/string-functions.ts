import { failure } from '../types/failure.ts';
import { quoteText } from '../types/quote.ts';
import { types, typeText } from '../types/sql-type.ts';
import { grown } from './grown-text.ts';
import { calls, scalar, type FunctionDefinition, type Render } from './function-definition.ts';
import { separated } from './separated.ts';

/** The characters that Java counts as blank, as far as they are common in texts. */
const blanks = `' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13)`;

const trims =
  (name: string): Render =>
  ([value]) =>
    `${name}(${value}, ${blanks})`;

/** From 1; from the end when negative; nothing when 0, or beyond the text. */
const substring: Render = ([value = '', start = '', length]) => {
  // DuckDB goes backwards for a negative length.
  const rest = length === undefined ? '' : `, greatest(${length}, 0)`;
  return `(CASE WHEN ${start} = 0 OR ${start} < - length(${value}) THEN '' ELSE substr(${value}, ${start}${rest}) END)`;
};

/** The Unicode table has no capital of a single `ß`, but DuckDB does. */
const upper: Render = ([value = '']) =>
  `(CASE WHEN contains(${value}, 'ß') THEN array_to_string(list_transform(string_split(${value}, 'ß'), lambda upper_part: upper(upper_part)), 'ß') ELSE upper(${value}) END)`;

const unless = (condition: string, message: string, sql: string) =>
  `(CASE WHEN ${condition} THEN ${failure(message, types.varchar)} ELSE ${sql} END)`;

/** More than a row may have, and what it takes of memory is not bounded otherwise. */
const padMax = 1_000_000;

const pads = (name: string): FunctionDefinition =>
  scalar([
    [
      `${name}(varchar, bigint, varchar) -> varchar`,
      ([value, size, pad], facts) =>
        unless(
          `${size} < 0 OR ${size} > ${padMax} OR ${pad} = ''`,
          `${name} takes a length from 0 to ${padMax} and a padding that is not empty`,
          grown(
            name,
            `${name}(${value}, CAST(${size} AS INTEGER), ${pad})`,
            `(strlen(${value}) + ${size} * strlen(${pad}) // length(${pad}))`,
            facts,
          ),
        ),
    ],
  ]);

/** Each match of the search text is replaced. */
const replace: Render = ([value, search, by], facts) => {
  const found = `((strlen(${value}) - strlen(replace(${value}, ${search}, ''))) // greatest(strlen(${search}), 1))`;
  const bytes = `(strlen(${value}) + ${found} * greatest(strlen(${by}) - strlen(${search}), 0))`;
  return grown('replace', `replace(${value}, ${search}, ${by})`, bytes, facts);
};

/** DuckDB would split at nothing, between all characters. */
const split: Render = ([value, delimiter], { texts: [, text], returns }) => {
  const sql = `string_split(${value}, ${delimiter})`;
  if (text !== undefined && text !== '') return sql;
  return `(CASE WHEN ${delimiter} = '' THEN ${failure('The delimiter may not be the empty string', returns)} ELSE ${sql} END)`;
};

/** The last part holds the rest. */
const splitUpTo: Render = ([value, delimiter = '', limit], { texts, returns }) =>
  `(CASE WHEN ${delimiter} = '' THEN ${failure('The delimiter may not be the empty string', returns)}
     WHEN ${limit} <= 0 THEN ${failure('Limit must be positive', returns)}
     ELSE list_transform([string_split(${value}, ${delimiter})], lambda split_parts: CASE WHEN len(split_parts) <= ${limit} THEN split_parts ELSE list_append(split_parts[:${limit} - 1], ${separated(`split_parts[${limit}:]`, delimiter, texts[1])}) END)[1] END)`;

const splitPart: Render = ([value, delimiter, index]) =>
  unless(
    `${index} < 1`,
    'Index must be greater than zero',
    `list_extract(string_split(${value}, ${delimiter}), ${index})`,
  );

const isAscii = (text: string | undefined) => `strlen(${text}) = length(${text})`;

/** DuckDB compares bytes: that is the same for short texts of ASCII, and only those are left to it. */
const levenshtein: Render = ([a, b]) =>
  `(CASE WHEN strlen(${a}) * strlen(${b}) <= 4096 AND ${isAscii(a)} AND ${isAscii(b)} THEN levenshtein(${a}, ${b}) ELSE hw_levenshtein_distance(${a}, ${b}) END)`;

const hamming: Render = ([a, b]) =>
  `(CASE WHEN strlen(${a}) > 0 AND strlen(${a}) = strlen(${b}) AND ${isAscii(a)} AND ${isAscii(b)} THEN hamming(${a}, ${b}) ELSE hw_hamming_distance(${a}, ${b}) END)`;

export const stringFunctions: readonly FunctionDefinition[] = [
  scalar([['lower(varchar) -> varchar', calls('lower')]]),
  scalar([['upper(varchar) -> varchar', upper]]),
  scalar([['length(varchar) -> bigint', calls('length')]]),
  scalar([
    ['substr(varchar, bigint) -> varchar', substring],
    ['substr(varchar, bigint, bigint) -> varchar', substring],
  ]),
  scalar([
    ['substring(varchar, bigint) -> varchar', substring],
    ['substring(varchar, bigint, bigint) -> varchar', substring],
  ]),
  scalar([['trim(varchar) -> varchar', trims('trim')]]),
  scalar([['ltrim(varchar) -> varchar', trims('ltrim')]]),
  scalar([['rtrim(varchar) -> varchar', trims('rtrim')]]),
  pads('lpad'),
  pads('rpad'),
  scalar([
    [
      'replace(varchar, varchar) -> varchar',
      ([value, search]) => `replace(${value}, ${search}, '')`,
    ],
    ['replace(varchar, varchar, varchar) -> varchar', replace],
  ]),
  scalar([
    ['split(varchar, varchar) -> array(varchar)', split],
    ['split(varchar, varchar, bigint) -> array(varchar)', splitUpTo],
  ]),
  scalar([['split_part(varchar, varchar, bigint) -> varchar', splitPart]]),
  scalar([
    ['strpos(varchar, varchar) -> bigint', calls('strpos')],
    ['strpos(varchar, varchar, bigint) -> bigint', calls('hw_strpos')],
  ]),
  scalar([['starts_with(varchar, varchar) -> boolean', calls('starts_with')]]),
  scalar([['chr(bigint) -> varchar', ([value]) => `chr(CAST(${value} AS INTEGER))`]]),
  scalar([
    [
      'codepoint(varchar) -> integer',
      ([value]) =>
        `(CASE WHEN length(${value}) <> 1 THEN ${failure('Input string must be a single character string', types.integer)} ELSE unicode(${value}) END)`,
    ],
  ]),
  scalar([['levenshtein_distance(varchar, varchar) -> bigint', levenshtein]]),
  scalar([['hamming_distance(varchar, varchar) -> bigint', hamming]]),
  scalar([['translate(varchar, varchar, varchar) -> varchar', calls('translate')]]),
  scalar([
    [
      'typeof(T) -> varchar',
      (_, { types: [type] }) => quoteText(type ? typeText(type) : 'unknown'),
    ],
  ]),
];
