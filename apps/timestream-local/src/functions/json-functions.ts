import { failure } from '../types/failure.ts';
import { quoteText } from '../types/quote.ts';
import { types } from '../types/sql-type.ts';
import { scalar, type FunctionDefinition, type Render } from './function-definition.ts';
import { FunctionError } from './function-error.ts';

/**
 * A path that is not a constant. Brackets around names become dots, and without a `$`, it fails.
 */
const dynamicPath = (path: string) =>
  `(CASE WHEN starts_with(${path}, '$') THEN regexp_replace(${path}, ${quoteText(`\\[["']([^"']+)["']\\]`)}, ${quoteText(`."\\1"`)}, 'g') WHEN ${path} IS NOT NULL THEN ${failure('Invalid JSON path', types.varchar)} END)`;

type PathRender = (json: string, path: string) => string;

const withPath =
  (render: PathRender): Render =>
  ([json = '', path = ''], { texts: [, text] }) =>
    render(json, text === undefined ? dynamicPath(path) : quoteText(jsonPath(text)));

/** NULL for a text that is not JSON. */
const guarded = (json: string | undefined, sql: string) =>
  `(CASE WHEN json_valid(${json}) THEN ${sql} END)`;

const extract = withPath((json, path) =>
  guarded(json, `CAST(json_extract(${json}, ${path}) AS VARCHAR)`),
);

const extractScalar = withPath((json, path) =>
  guarded(
    json,
    `CASE WHEN json_type(${json}, ${path}) NOT IN ('OBJECT', 'ARRAY') THEN json_extract_string(${json}, ${path}) END`,
  ),
);

const size = withPath((json, path) =>
  guarded(
    json,
    `CAST(CASE json_type(${json}, ${path}) WHEN 'ARRAY' THEN json_array_length(${json}, ${path}) WHEN 'OBJECT' THEN len(json_keys(${json}, ${path})) ELSE CASE WHEN json_exists(${json}, ${path}) THEN 0 END END AS BIGINT)`,
  ),
);

const isArray = (json: string | undefined) => `json_type(${json}) = 'ARRAY'`;

/** Each element as JSON text. */
const elements = (json: string | undefined) => `CAST(CAST(${json} AS JSON) AS JSON[])`;

const contains =
  (literal: (value: string) => string): Render =>
  ([json, value = '']) =>
    guarded(
      json,
      `CASE WHEN ${isArray(json)} THEN list_contains(list_transform(${elements(json)}, lambda json_item: CAST(json_item AS VARCHAR)), ${literal(value)}) END`,
    );

const paths = { note: 'JSON is a varchar, and paths contain only names and indexes' };

/** The dialect's JSON values are texts. */
export const jsonFunctions: readonly FunctionDefinition[] = [
  scalar([['json_extract(varchar, varchar) -> varchar', extract]], paths),
  scalar([['json_extract_scalar(varchar, varchar) -> varchar', extractScalar]], paths),
  scalar([['json_size(varchar, varchar) -> bigint', size]], paths),
  scalar([
    [
      'json_array_length(varchar) -> bigint',
      ([json]) =>
        guarded(
          json,
          `CASE WHEN ${isArray(json)} THEN CAST(json_array_length(${json}) AS BIGINT) END`,
        ),
    ],
  ]),
  scalar([
    [
      'json_array_get(varchar, bigint) -> varchar',
      ([json, index]) =>
        guarded(
          json,
          `CASE WHEN ${isArray(json)} THEN CAST(json_extract(${json}, CAST(CASE WHEN ${index} < 0 THEN CAST(json_array_length(${json}) AS BIGINT) + ${index} ELSE ${index} END AS BIGINT)) AS VARCHAR) END`,
        ),
    ],
  ]),
  scalar([
    [
      'json_array_contains(varchar, varchar) -> boolean',
      contains((value) => `CAST(to_json(${value}) AS VARCHAR)`),
    ],
    [
      'json_array_contains(varchar, boolean) -> boolean',
      contains((value) => `CAST(${value} AS VARCHAR)`),
    ],
    [
      'json_array_contains(varchar, bigint) -> boolean',
      contains((value) => `CAST(${value} AS VARCHAR)`),
    ],
    [
      'json_array_contains(varchar, double) -> boolean',
      contains((value) => `CAST(to_json(${value}) AS VARCHAR)`),
    ],
  ]),
  scalar(
    [
      [
        'json_parse(varchar) -> varchar',
        ([json]) =>
          `(CASE WHEN json_valid(${json}) THEN CAST(json(${json}) AS VARCHAR) WHEN ${json} IS NOT NULL THEN ${failure('Cannot convert value to JSON', types.varchar)} END)`,
      ],
    ],
    paths,
  ),
  scalar([['json_format(varchar) -> varchar', ([json = '']) => json]], paths),
];

/**
 * A constant path as DuckDB writes it: `$.a["b c"][1]` as `$."a"."b c"[1]`.
 *
 * @throws {FunctionError} for anything but names and indexes after a `$`
 */
function jsonPath(path: string): string {
  const invalid = () => new FunctionError(`Invalid JSON path: '${path}'`);
  if (!path.startsWith('$')) throw invalid();
  let sql = '$';
  for (let rest = path.slice(1); rest !== '';) {
    const step = /^\.([\w:-]+)|^\[(\d+)\]|^\["([^"\\]+)"\]|^\['([^'"\\]+)'\]/.exec(rest);
    if (!step) throw invalid();
    const [whole, plain, index, double, single] = step;
    sql += index === undefined ? `."${plain ?? double ?? single}"` : `[${index}]`;
    rest = rest.slice(whole.length);
  }
  return sql;
}
