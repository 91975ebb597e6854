import { beforeAll, describe, expect, it } from 'vitest';
import { point, startFixture, type Fixture } from '../fixture.ts';
import { foreignWords } from './foreign-words.ts';

/** Each fails during compilation, during DuckDB's planning, or in a row. */
const failing: Readonly<Record<string, readonly string[]>> = {
  conversions: [
    `cast('abc' AS bigint)`,
    `cast('99999999999' AS integer)`,
    'cast(1e300 AS bigint)',
    'cast(nan() AS integer)',
    `cast('garbage' AS timestamp)`,
    `cast('2024-13-45' AS date)`,
    `cast('maybe' AS boolean)`,
    `cast(ARRAY['a'] AS array(bigint))`,
    `cast(ROW(1, 'a') AS ROW(a BIGINT, b BIGINT))`,
    `cast(1.5 AS timestamp)`,
    `parse_duration('5 parsecs')`,
    'chr(-1)',
  ],
  overflow: [
    '2147483647 + 1',
    '9223372036854775807 * 2',
    '-x FROM (VALUES -9223372036854775808) AS t (x)',
    'abs(-9223372036854775808)',
    'sum(x) FROM (VALUES 9223372036854775807, 9223372036854775807) AS t (x)',
    'reduce(ARRAY[9223372036854775807, 1], 0, (s, x) -> s + x, s -> s)',
    '1h * 9223372036854775807',
    '1y * 2147483647',
    '1h / 0',
    'stddev(x) FROM (VALUES 1e308, -1e308) AS t (x)',
  ],
  'division by zero': ['1 / 0', '1 % 0', 'transform(ARRAY[0], x -> 1 / x)'],
  'times out of range': [
    'now() - 500y',
    'now() + 100000d',
    `date '2024-01-01' + 1000000y`,
    `cast(date '9999-01-01' AS timestamp)`,
    `date_add('year', 100000, now())`,
    'from_unixtime(1e30)',
    'from_nanoseconds(-5)',
  ],
  'bad JSON and patterns': [
    `json_parse('{bad')`,
    `json_extract('{}', '$$$$[')`,
    `regexp_like('a', '(')`,
    `regexp_like('a', '[z-a]')`,
    `regexp_like('a', '*')`,
    `regexp_like('a', 'a{99999}')`,
    `regexp_like('a', '\\')`,
    `regexp_like('a', '\\p{Foo}')`,
    `regexp_extract('a', '(?<n')`,
    `'a' LIKE 'b' ESCAPE 'xx'`,
    `'a%' LIKE 'a\\' ESCAPE '\\'`,
  ],
  'what is too large': [
    'sequence(1, 1000000)',
    'repeat(1, 100000)',
    'max(x, 0) FROM (VALUES 1) AS t (x)',
    'max_by(x, x, 99999999999) FROM (VALUES 1) AS t (x)',
    `cardinality(array_agg(cast(a * 10000 + b AS varchar))) FROM UNNEST(sequence(1, 3000)) AS a (a) CROSS JOIN UNNEST(sequence(1, 3000)) AS b (b)`,
  ],
  'what DuckDB cannot plan': [
    'approx_percentile(x, 1.5) FROM (VALUES 1) AS t (x)',
    'x FROM (VALUES 1) AS a (x) LEFT JOIN UNNEST(ARRAY[x]) AS u (y) ON y IN (SELECT 1)',
    'array_agg(DISTINCT x ORDER BY y) FROM (VALUES (1, 2)) AS t (x, y)',
    '(SELECT x FROM (VALUES 1, 2) AS t (x))',
    '(SELECT sum(a.x + y) OVER () FROM (VALUES 1) AS b (y)) FROM (VALUES 1) AS a (x)',
    'transform(ARRAY[1], x -> (SELECT x))',
    '* FROM (VALUES 1) AS a (x) RIGHT JOIN UNNEST(ARRAY[a.x]) AS u (z) ON true',
  ],
  windows: [
    'ntile(0) OVER () FROM (VALUES 1) AS t (x)',
    'sum(x) OVER (ORDER BY x RANGE BETWEEN -1 PRECEDING AND CURRENT ROW) FROM (VALUES 1) AS t (x)',
    'sum(x) OVER (ORDER BY x, y RANGE 1 PRECEDING) FROM (VALUES (1, 2)) AS t (x, y)',
    `sum(x) OVER (ORDER BY y RANGE 1 PRECEDING) FROM (VALUES (1, 'a')) AS t (x, y)`,
    'sum(x) OVER (ORDER BY y RANGE 1month PRECEDING) FROM (VALUES (1, now())) AS t (x, y)',
    `sum(x) OVER (ORDER BY x ROWS 'a' PRECEDING) FROM (VALUES 1) AS t (x)`,
    'sum(x) OVER (ORDER BY x ROWS BETWEEN CURRENT ROW AND 1 PRECEDING) FROM (VALUES 1) AS t (x)',
    'sum(x) OVER (ORDER BY x ROWS BETWEEN 1 FOLLOWING AND CURRENT ROW) FROM (VALUES 1) AS t (x)',
    'sum(x) OVER (ORDER BY x ROWS UNBOUNDED FOLLOWING) FROM (VALUES 1) AS t (x)',
  ],
  names: ['nothing', '* FROM "dbx"."none"', '* FROM "none"."tab"', '* FROM tab', 'nextval(1)'],
};

/** The fallback for unknown messages of DuckDB. No statement here may cause it. */
const vague = /the statement is not supported here|failed on a value that is/;

/** Names in the generated SQL. */
const physicalNames = /\b[dmqtuw]\d+\b/;

let server: Fixture;

beforeAll(async () => {
  server = await startFixture({ memoryBytesMax: 64 * 2 ** 20 });
  await server.write([point('1')]);
  return () => server[Symbol.asyncDispose]();
});

// Goal: no client sees messages of the underlying database. Method: failing statements of every
// kind.
describe.each(Object.entries(failing))('a query that fails: %s', (_kind, expressions) => {
  it.each(expressions)(
    'reports the failure in the words of the service: %s',
    async (expression) => {
      const failure = await server.ask(`SELECT ${expression}`).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failure).toBeInstanceOf(Error);
      const { name, message } = failure as Error;
      expect(name).toMatch(/^(ValidationException|QueryExecutionException)$/);
      expect(message).not.toMatch(foreignWords);
      expect(message).not.toMatch(physicalNames);
      expect(message).not.toMatch(vague);
    },
  );
});
