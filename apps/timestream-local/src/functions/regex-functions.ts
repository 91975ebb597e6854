import { quoteText } from '../types/quote.ts';
import {
  scalar,
  type CallFacts,
  type FunctionDefinition,
  type Render,
} from './function-definition.ts';
import { FunctionError } from './function-error.ts';
import { grown } from './grown-text.ts';
import { javaPattern, javaReplacement, type JavaPattern } from './java-pattern.ts';
import { substitute } from './substitute.ts';

/** Converts Java's `$1` and `${1}` to RE2's `\1`, for a text that is not a constant. */
const dynamicReplacement = (text: string) =>
  `regexp_replace(replace(${text}, '\\', '\\\\'), '\\$\\{?([0-9]+)\\}?', '\\\\\\1', 'g')`;

interface Regex {
  readonly value: string;
  /** SQL of the pattern. */
  readonly pattern: string;
  /** Where it is a constant. */
  readonly constant: JavaPattern | undefined;
}

type RegexRender = (regex: Regex, third: string | undefined, facts: CallFacts) => string;

const withPattern =
  (render: RegexRender): Render =>
  ([value = '', pattern = '', third], facts) => {
    const text = facts.texts[1];
    const constant = text === undefined ? undefined : javaPattern(text);
    const sql = constant ? quoteText(constant.re2) : pattern;
    return render({ value, pattern: sql, constant }, third, facts);
  };

function checkGroup({ constant }: Regex, group: string): void {
  const count = constant?.groups.length;
  if (count === undefined || !/^\d+$/.test(group) || Number(group) <= count) return;
  throw new FunctionError(`Pattern has ${count} groups. Cannot access group ${group}`);
}

const extract = withPattern((regex, group = '0') => {
  checkGroup(regex, group);
  const { value, pattern } = regex;
  return `(CASE WHEN regexp_matches(${value}, ${pattern}) THEN regexp_extract(${value}, ${pattern}, ${group}) END)`;
});

const extractAll = withPattern((regex, group = '0') => {
  checkGroup(regex, group);
  return `regexp_extract_all(${regex.value}, ${regex.pattern}, ${group})`;
});

const replace = withPattern(({ value, pattern, constant }, text = "''", facts) => {
  const known = facts.texts[2];
  const by =
    known !== undefined && constant
      ? quoteText(javaReplacement(known, constant.groups))
      : dynamicReplacement(text);
  const sql = `regexp_replace(${value}, ${pattern}, ${by}, 'g')`;
  // A group of a match is part of it: each group that the replacement names is as long as the text.
  const own = `strlen(${value}) * (1 + strlen(${by}) // 2)`;
  const everywhere = `(strlen(${value}) + 1) * strlen(${by})`;
  const matches = `(len(regexp_extract_all(${value}, ${pattern})) + 1) * strlen(${by})`;
  const bytes = `(CASE WHEN ${own} + ${everywhere} <= 100000 THEN ${own} + ${everywhere} ELSE ${groupsIn(by)} * strlen(${value}) + ${matches} END)`;
  return grown('regexp_replace', sql, bytes, facts);
});

/** The text itself, and the placeholder of a group in the replacement of its matches. */
const groupsIn = (by: string) => `(1 + len(string_split(${by}, '\\')) - 1)`;

/** The texts between the matches, with the lambda's text for each match in between. */
const replaceByLambda = withPattern(({ value, pattern, constant }, lambda = '') => {
  if (!constant) throw new FunctionError('with a lambda, the pattern must be a text in quotes');
  const [, x = '', body = ''] = /^lambda (\w+): ([\s\S]*)$/.exec(lambda) ?? [];
  const parts = `string_split_regex(${value}, ${pattern})`;
  const groups = constant.groups.map(
    (_, at) => `regexp_extract_all(${value}, ${pattern}, ${at + 1})[match_index]`,
  );
  const text = substitute(body, x, `CAST([${groups.join(', ')}] AS VARCHAR[])`);
  const piece = `${parts}[match_index] || CASE WHEN match_index < len(${parts}) THEN coalesce(${text}, '') ELSE '' END`;
  return `array_to_string(list_transform(range(1, len(${parts}) + 1), lambda match_index: ${piece}), '')`;
});

const re2 = { note: 'patterns use RE2 syntax, without lookarounds and backreferences' };

/** Patterns are Java's in the service. Constants are translated when the statement is compiled. */
export const regexFunctions: readonly FunctionDefinition[] = [
  scalar(
    [
      [
        'regexp_like(varchar, varchar) -> boolean',
        withPattern(({ value, pattern }) => `regexp_matches(${value}, ${pattern})`),
      ],
    ],
    re2,
  ),
  scalar(
    [
      ['regexp_extract(varchar, varchar) -> varchar', extract],
      ['regexp_extract(varchar, varchar, integer) -> varchar', extract],
    ],
    {
      note: `${re2.note}; the group must be a constant; a group without a match returns an empty text instead of NULL`,
    },
  ),
  scalar(
    [
      ['regexp_extract_all(varchar, varchar) -> array(varchar)', extractAll],
      ['regexp_extract_all(varchar, varchar, integer) -> array(varchar)', extractAll],
    ],
    {
      note: `${re2.note}; the group must be a constant; a group without a match returns an empty text instead of NULL`,
    },
  ),
  scalar(
    [
      ['regexp_replace(varchar, varchar) -> varchar', replace],
      ['regexp_replace(varchar, varchar, varchar) -> varchar', replace],
      ['regexp_replace(varchar, varchar, (array(varchar)) => varchar) -> varchar', replaceByLambda],
    ],
    { note: `${re2.note}; group names must be constants` },
  ),
  scalar(
    [
      [
        'regexp_split(varchar, varchar) -> array(varchar)',
        withPattern(({ value, pattern }) => `string_split_regex(${value}, ${pattern})`),
      ],
    ],
    re2,
  ),
];
