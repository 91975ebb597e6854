import { beforeAll, describe, expect, it } from 'vitest';
import { startFixture, type Fixture } from '../fixture.ts';

let server: Fixture;

beforeAll(async () => {
  server = await startFixture();
  return () => server[Symbol.asyncDispose]();
});

/** A file that every machine has, in forms that DuckDB accepts as a file name. */
const file = '/etc/hostname';

// Goal: a statement can access the tables of this server, and nothing else: no file, no
// environment, no settings, no other function of DuckDB. Method: each of DuckDB's ways to the
// outside, in a query.
describe('a statement', () => {
  it.each([
    `SELECT * FROM read_csv('${file}')`,
    `SELECT * FROM read_text('${file}')`,
    `SELECT read_text('${file}')`,
    `SELECT content FROM glob('/etc/*')`,
    `SELECT * FROM '${file}'`,
    `SELECT * FROM "${file}"`,
    `SELECT * FROM "/etc"."hostname"`,
    `SELECT getenv('HOME')`,
    `SELECT current_setting('memory_limit')`,
    'SELECT * FROM duckdb_settings()',
    'SELECT * FROM pragma_database_list',
    'SELECT * FROM sqlite_master',
    'SELECT * FROM information_schema.tables',
    'SELECT * FROM "information_schema"."tables"',
    'SELECT * FROM "main"."series"',
    `SELECT hw_levenshtein('a', 'b')`,
    `SELECT system('id')`,
    `ATTACH '/tmp/x.db'`,
    'INSTALL httpfs',
    `LOAD '/tmp/x.so'`,
    `COPY (SELECT 1) TO '/tmp/x.csv'`,
    `EXPORT DATABASE '/tmp/x'`,
    'PRAGMA database_list',
    'SET enable_external_access = true',
    'CALL pragma_version()',
    'SELECT 1; SELECT 2',
    'SELECT 1; DROP TABLE "dbx"."tab"',
    'CREATE TABLE x (y INT)',
    'DROP TABLE "dbx"."tab"',
    'DELETE FROM "dbx"."tab"',
    'INSERT INTO "dbx"."tab" VALUES (1)',
    'UPDATE "dbx"."tab" SET x = 1',
  ])('can access nothing outside: %s', async (text) => {
    const asked = server.query(text);
    await expect(asked).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it.each([
    `a"b`,
    `a'b`,
    'a\\',
    `'); DROP TABLE x; --`,
    '"; SELECT 1 --',
    '__proto__',
    'constructor',
  ])('can use %s as a text, as a column, and as a name of its own', async (text) => {
    const quoted = `"${text.replaceAll('"', '""')}"`;
    const literal = `'${text.replaceAll("'", "''")}'`;
    const query = `WITH ${quoted} AS (SELECT ${literal} AS ${quoted}) SELECT ${quoted}.${quoted}, t.${quoted} FROM ${quoted} CROSS JOIN (SELECT 1 AS ${quoted}) t`;
    expect(await server.query(query)).toEqual([[text, '1']]);
  });

  it('has regular expressions whose time is linear in the length of the text', async () => {
    const text = `SELECT regexp_like(rpad('', 50000, 'a') || 'b', '^(a+)+$'), regexp_like(rpad('', 50000, 'a'), '^(a|a)*$')`;
    expect(await server.query(text)).toEqual([['false', 'true']]);
    const repeated = server.query(`SELECT regexp_like('a', '((a{100}){100}){100}')`);
    await expect(repeated).rejects.toMatchObject({ name: /Exception$/ as unknown as string });
  });
});
