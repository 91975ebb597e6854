import { quoteText } from '../types/quote.ts';
import { typeText } from '../types/sql-type.ts';
import { calls, scalar, type FunctionDefinition, type Render } from './function-definition.ts';

/** What Java counts as blank, of what texts usually hold. */
const blanks = `' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13)`;

const trims =
  (name: string): Render =>
  ([value]) =>
    `${name}(${value}, ${blanks})`;

/** From 1; from the end when negative; nothing when 0, or beyond the text. */
const substring: Render = ([value = '', start = '', length]) => {
  const rest = length === undefined ? '' : `, ${length}`;
  return `(CASE WHEN ${start} = 0 OR ${start} < - length(${value}) THEN '' ELSE substr(${value}, ${start}${rest}) END)`;
};

const text = (name: string, duck = name): FunctionDefinition =>
  scalar([[`${name}(varchar) -> varchar`, calls(duck)]]);

export const stringFunctions: readonly FunctionDefinition[] = [
  text('lower'),
  text('upper'),
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
  scalar([
    [
      'lpad(varchar, bigint, varchar) -> varchar',
      ([value, size, pad]) => `lpad(${value}, CAST(${size} AS INTEGER), ${pad})`,
    ],
  ]),
  scalar([
    [
      'rpad(varchar, bigint, varchar) -> varchar',
      ([value, size, pad]) => `rpad(${value}, CAST(${size} AS INTEGER), ${pad})`,
    ],
  ]),
  scalar([
    [
      'replace(varchar, varchar) -> varchar',
      ([value, search]) => `replace(${value}, ${search}, '')`,
    ],
    ['replace(varchar, varchar, varchar) -> varchar', calls('replace')],
  ]),
  scalar([
    ['split(varchar, varchar) -> array(varchar)', calls('string_split')],
    ['split(varchar, varchar, bigint) -> array(varchar)', calls('hw_split')],
  ]),
  scalar([
    [
      'split_part(varchar, varchar, bigint) -> varchar',
      ([value, delimiter, index]) => `list_extract(string_split(${value}, ${delimiter}), ${index})`,
    ],
  ]),
  scalar([
    ['strpos(varchar, varchar) -> bigint', calls('strpos')],
    ['strpos(varchar, varchar, bigint) -> bigint', calls('hw_strpos')],
  ]),
  scalar([['starts_with(varchar, varchar) -> boolean', calls('starts_with')]]),
  scalar([['chr(bigint) -> varchar', ([value]) => `chr(CAST(${value} AS INTEGER))`]]),
  scalar([['codepoint(varchar) -> integer', calls('unicode')]]),
  scalar([['levenshtein_distance(varchar, varchar) -> bigint', calls('levenshtein')]], {
    note: 'counts bytes, not characters',
  }),
  scalar([['hamming_distance(varchar, varchar) -> bigint', calls('hamming')]], {
    note: 'counts bytes, not characters',
  }),
  scalar([['translate(varchar, varchar, varchar) -> varchar', calls('translate')]]),
  scalar([
    [
      'typeof(T) -> varchar',
      (_, { types: [type] }) => quoteText(type ? typeText(type) : 'unknown'),
    ],
  ]),
];
