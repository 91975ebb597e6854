import { PrepareQueryCommand } from '@aws-sdk/client-timestream-query';
import { beforeAll, describe, expect, it } from 'vitest';
import { startFixture, type Fixture } from '../fixture.ts';

let server: Fixture;

beforeAll(async () => {
  server = await startFixture();
  return () => server[Symbol.asyncDispose]();
});

const many = (count: number, item: (at: number) => string, separator = ', ') =>
  Array.from({ length: count }, (_, at) => item(at)).join(separator);

const tooComplex = /the query is too complex$/;

// Goal: compilation limits what multiplies, but not what only adds up. Method: short statements
// that would result in 2^20 columns or more, and long valid ones. The test's own timeout
// distinguishes the two.
describe('compiling', () => {
  it.each([
    [
      'stars of stars',
      `SELECT ${many(3000, () => '*')} FROM (SELECT ${many(3000, (at) => `${at}`)})`,
    ],
    [
      'stars twice in each of many named queries',
      `WITH a0 AS (SELECT 1 AS x), ${many(20, (at) => `a${at + 1} AS (SELECT *, * FROM a${at})`)} SELECT 1 FROM a20`,
    ],
  ])('ends with an error: %s', async (_title, QueryString) => {
    const prepared = server.clients.query.send(
      new PrepareQueryCommand({ QueryString, ValidateOnly: true }),
    );
    await expect(prepared).rejects.toThrow(tooComplex);
  });

  it.each([
    [
      'named queries that name each other twice',
      `WITH a0 AS (SELECT 1 AS x), ${many(498, (at) => `a${at + 1} AS (SELECT l.x FROM a${at} l, a${at} r)`)} SELECT count(*) FROM a498`,
    ],
    ['divisions of divisions', `SELECT 1${' / (2'.repeat(60)}${')'.repeat(60)}`],
    ['months added to months', `SELECT now()${' + 1month'.repeat(100)}`],
    ['lambdas in lambdas', `SELECT ${'transform(ARRAY[1], x -> '.repeat(60)}1${')'.repeat(60)}`],
    ['functions of functions', `SELECT ${'upper(substr('.repeat(60)}'a'${', 1))'.repeat(60)}`],
    [
      'lists of lists',
      `SELECT ${'array_distinct(array_union('.repeat(40)}ARRAY[(SELECT 1)]${', ARRAY[2]))'.repeat(40)}`,
    ],
    ['a long CASE', `SELECT CASE ${many(8000, (at) => `WHEN 1 = ${at} THEN ${at}`, ' ')} END`],
    ['a long IN', `SELECT 1 WHERE 1 IN (${many(40_000, String, ',')})`],
    ['many columns', `SELECT ${many(10_000, () => 'x')} FROM (SELECT 1 AS x)`],
    ['subqueries in subqueries', `SELECT ${'(SELECT '.repeat(70)}1${')'.repeat(70)}`],
  ])('accepts %s', async (_title, QueryString) => {
    const prepared = await server.clients.query.send(
      new PrepareQueryCommand({ QueryString, ValidateOnly: true }),
    );
    expect(prepared.Columns?.length).toBeGreaterThan(0);
  });

  const named = (count: number, query: (at: number) => string) =>
    `WITH a0 AS (SELECT 1 AS x), ${many(count, (at) => `a${at + 1} AS (${query(at)})`)} SELECT x FROM a${count}`;
  const wrapped = (at: number) =>
    `SELECT x FROM ${'(SELECT x FROM '.repeat(40)}a${at}${')'.repeat(40)}`;

  it.each([
    ['named queries', named(2000, (at) => `SELECT x + 1 AS x FROM a${at}`)],
    ['queries in brackets within named queries', named(140, wrapped)],
    [
      'set operations in brackets',
      many(90, () => `(${many(90, () => 'VALUES 1', ' UNION ')})`, ' UNION '),
    ],
  ])('runs no more %s than the maximum depth of a plan', async (_title, QueryString) => {
    const asked = server.query(QueryString);
    await expect(asked).rejects.toThrow(/more than 500 queries in a statement$/);
  });

  it('runs as many named queries as it accepts', async () => {
    const text = named(498, (at) => `SELECT x + 1 AS x FROM a${at}`);
    expect(await server.query(text)).toEqual([['499']]);
  });
});
