import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const child = new URL('./hostile-child.ts', import.meta.url).pathname;

interface Came {
  readonly outcome: string;
  /** Statements answered in the meantime. */
  readonly others: number;
  /** Bytes. */
  readonly grown: number;
}

async function come(sql: string): Promise<Came> {
  const { stdout } = await run(process.execPath, [child, sql], { timeout: 55_000 });
  return JSON.parse(stdout) as Came;
}

const metrics = '"dbx"."tab"';
const million = "rpad('a', 1000000, 'b')";
const array = 'sequence(1, 10000)';

// Goal: no statement of a few lines uses up the machine's memory or the server's time. Method: each
// runs on a separate server with 1,000 rows, and either has a result or is rejected. In the
// meantime, other statements are answered, and the server with its engines grows by less than one
// and a half times the memory limit of 1 GiB.
describe('a statement whose intermediate results multiply', () => {
  it.each([
    [`cardinality(split(rpad('a', 400000, 'a,'), ',', 900000))`, /^\[\["200000"\]\]$/],
    [
      `sum(cardinality(transform(${array}, x -> transform(${array}, y -> x * y)))) FROM ${metrics}`,
      /transform exceeds [\d,]+ bytes in one batch of rows/,
    ],
    [
      `cardinality(flatten(transform(${array}, x -> ${array})))`,
      /a lambda exceeds [\d,]+ bytes in one batch of rows/,
    ],
    [
      `cardinality(transform(${array}, x -> transform(sequence(1, x), y -> sequence(1, y))))`,
      /exceeds [\d,]+ bytes in one batch of rows/,
    ],
    [
      `sum(cardinality(transform(sequence(1, 1000), x -> transform(sequence(1, 1000), y -> transform(sequence(1, 1000), z -> x * y * z))))) FROM ${metrics}`,
      /transform exceeds [\d,]+ bytes in one batch of rows/,
    ],
    [`length(array_join(transform(${array}, x -> ${million}), ''))`, /exceeds [\d,]+ bytes/],
    [`cardinality(repeat(${million}, 10000))`, /repeat exceeds [\d,]+ bytes in one row/],
    [
      `length(replace(rpad('a', 1000000, 'a'), 'a', rpad('b', 100000, 'b')))`,
      /replace exceeds 1,048,576 bytes in one row/,
    ],
    [
      `length(concat(${Array.from({ length: 10 }, () => million).join(', ')}))`,
      /concat exceeds 1,048,576 bytes in one row/,
    ],
    [
      `length(${Array.from({ length: 10 }, () => million).join(' || ')})`,
      /concat exceeds 1,048,576 bytes in one row/,
    ],
    [
      `length(regexp_replace(rpad('a', 1000000, 'a'), '(a)', '$1$1$1'))`,
      /regexp_replace exceeds 1,048,576 bytes in one row/,
    ],
    [
      `max(length(rpad(host, 1000000, 'x'))) FROM ${metrics}`,
      /rpad exceeds 67,108,864 bytes in one batch of rows/,
    ],
    [
      `cardinality(transform(${array}, x -> try(${million}))) FROM ${metrics}`,
      /exceeds [\d,]+ bytes in one batch of rows/,
    ],
    [`try(length(${million} || ${million}))`, /^\[\[null\]\]$/],
    [
      `sum(cardinality(array_distinct(${array}))) FROM ${metrics}`,
      /array_distinct exceeds [\d,]+ comparisons/,
    ],
    [
      `sum(levenshtein_distance(rpad(host, 1000, 'ab'), rpad('b', 1000, host))) FROM ${metrics}`,
      /levenshtein_distance in one batch of rows are too large/,
    ],
    [
      `strpos(rpad('a', 1000000, 'a'), rpad('a', 500000, 'a'), 400000)`,
      /strpos in one batch of rows are too large/,
    ],
    [
      `cardinality(approx_percentile(a, b, transform(${array}, x -> x / 10001.0))) FROM UNNEST(${array}) AS t (a) CROSS JOIN UNNEST(sequence(1, 100)) AS u (b)`,
      /^\[\["10000"\]\]$/,
    ],
  ])('ends: %s', async (select, expected) => {
    const { outcome, others, grown } = await come(`SELECT ${select}`);
    expect(outcome).toMatch(expected);
    expect(others).toBeGreaterThan(0);
    expect(grown).toBeLessThan(1.5 * 2 ** 30);
  });
});
