import { scalar, type FunctionDefinition, type Render } from './function-definition.ts';

/** `$1` and `${name}` of Java as `\1` of RE2; a backslash of its own stays one. */
const replacement = (text: string) =>
  `regexp_replace(replace(${text}, '\\', '\\\\'), '\\$\\{?([0-9]+)\\}?', '\\\\\\1', 'g')`;

const extract: Render = ([value, pattern, group = '0']) =>
  `(CASE WHEN regexp_matches(${value}, ${pattern}) THEN regexp_extract(${value}, ${pattern}, ${group}) END)`;

const extractAll: Render = ([value, pattern, group = '0']) =>
  `regexp_extract_all(${value}, ${pattern}, ${group})`;

const re2 = { note: 'patterns are RE2: no look-around and no back-references' };

export const regexFunctions: readonly FunctionDefinition[] = [
  scalar(
    [
      [
        'regexp_like(varchar, varchar) -> boolean',
        ([value, pattern]) => `regexp_matches(${value}, ${pattern})`,
      ],
    ],
    re2,
  ),
  scalar(
    [
      ['regexp_extract(varchar, varchar) -> varchar', extract],
      ['regexp_extract(varchar, varchar, integer) -> varchar', extract],
    ],
    { note: `${re2.note}; the group is a constant` },
  ),
  scalar(
    [
      ['regexp_extract_all(varchar, varchar) -> array(varchar)', extractAll],
      ['regexp_extract_all(varchar, varchar, integer) -> array(varchar)', extractAll],
    ],
    { note: `${re2.note}; the group is a constant` },
  ),
  scalar(
    [
      [
        'regexp_replace(varchar, varchar) -> varchar',
        ([value, pattern]) => `regexp_replace(${value}, ${pattern}, '', 'g')`,
      ],
      [
        'regexp_replace(varchar, varchar, varchar) -> varchar',
        ([value, pattern, text = '']) =>
          `regexp_replace(${value}, ${pattern}, ${replacement(text)}, 'g')`,
      ],
    ],
    { note: `${re2.note}; groups by number; no lambda` },
  ),
  scalar(
    [
      [
        'regexp_split(varchar, varchar) -> array(varchar)',
        ([value, pattern]) => `string_split_regex(${value}, ${pattern})`,
      ],
    ],
    re2,
  ),
];
