import { openClickhouseStore } from '@highwater/clickhouse';
import type { StoreTable } from '@highwater/model';
import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocksOf } from '../docs/code-blocks.ts';
import { writeCorrectedHistory } from '../docs/corrected-history.ts';
import { shownStatements, statementsOf } from '../docs/shown-answers.ts';
import { loginTo, openReader, password, storeOptions } from './clickhouse-fixture.ts';
import { prepareEngine, startEngine, type Engine } from './start-engine.ts';

// Goal: what docs/stores.md says about ClickHouse can be done with the rights that it grants, and its
// statements return what it shows. Method: chDB has one user, whom a file gives the rights of the page.

const page = 'docs/stores.md';
const [setup = '', examples = '', readerSetup = ''] = blocksOf(page)
  .filter(({ heading, language }) => heading === 'ClickHouse' && language === 'sql')
  .map(({ text }) => text);
const [createDatabase = '', ...createWriter] = statementsOf(setup);
const createReader = statementsOf(readerSetup);
const database = 'metrics';
const { signal } = new AbortController();

const config = `<clickhouse>
  <user_directories><users_xml><path>users.xml</path></users_xml></user_directories>
</clickhouse>`;
const users = (grants: readonly string[]) => `<clickhouse>
  <profiles><default/></profiles>
  <quotas><default/></quotas>
  <users><default>
    <password/>
    <networks><ip>::/0</ip></networks>
    <profile>default</profile>
    <quota>default</quota>
    <grants>${grants.map((grant) => `<query>${grant}</query>`).join('')}</grants>
  </default></users>
</clickhouse>`;

const stack = new AsyncDisposableStack();
let directory: string;
let engine: Engine;

/** Starts the engine again, over the same rows, with the rights of a user of the page and maybe more. */
async function startAs(grant = '', ...more: readonly string[]): Promise<void> {
  const rights = grant.replace(/ TO \w+$/, '');
  await engine[Symbol.asyncDispose]();
  // Where the engine runs.
  await mkdir(join(directory, 'empty'), { recursive: true });
  await writeFile(join(directory, 'empty/config.xml'), config);
  await writeFile(join(directory, 'empty/users.xml'), users([rights, ...more]));
  engine = stack.use(await startEngine(await prepareEngine(), directory, { password }));
}

async function run(statement: string): Promise<string> {
  const authorization = `Basic ${Buffer.from(`default:${password}`).toString('base64')}`;
  const init = { method: 'POST', body: statement, headers: { authorization } };
  const reply = await fetch(`http://127.0.0.1:${engine.port}/`, init);
  const text = await reply.text();
  if (!reply.ok) throw new Error(text);
  return text;
}

async function answerOf(statement: string) {
  await using reader = openReader(engine, { database });
  const { columns, rows } = await reader.query(statement, { rowsMax: 100, signal });
  return { columns: columns.map(({ name }) => name), rows };
}

beforeAll(async () => {
  const temporary = await mkdtempDisposable(join(tmpdir(), 'highwater-clickhouse-'));
  ({ path: directory } = stack.use(temporary));
  engine = await startEngine(await prepareEngine(), directory, { password });
  await run(createDatabase);
  // Merges decide what the table itself has: the test stops them, and then asks for one.
  await startAs(createWriter[1], 'GRANT SYSTEM MERGES, OPTIMIZE ON metrics.*');
  const open = async (table: StoreTable) => {
    const options = storeOptions(table, { retentionDays: 36_500 });
    const store = await openClickhouseStore(loginTo(engine, { database }), options);
    if (table === 'views') await run('SYSTEM STOP MERGES metrics.views');
    return store;
  };
  await writeCorrectedHistory(open);
});
afterAll(() => stack.disposeAsync());

describe('docs/stores.md on ClickHouse', () => {
  it.each([createWriter, createReader])(
    'makes a user by a statement that ClickHouse can read, and grants it something: %s',
    async (createUser, grant) => {
      const formatted = await run(`SELECT formatQuery('${createUser?.replaceAll("'", "''")}')`);
      const [, user] = /^"?CREATE USER (\w+) IDENTIFIED BY/.exec(formatted) ?? [];
      expect(grant).toMatch(new RegExp(`^GRANT .* ON metrics\\.\\* TO ${user}$`));
    },
  );

  it.each(shownStatements(page, 'In ClickHouse'))(
    'answers as the page shows: $statement',
    async ({ statement, answer }) => {
      expect(await answerOf(statement)).toEqual(answer);
    },
  );

  it('has the columns of a view in the example', async () => {
    const [latest = '', corrections = ''] = statementsOf(examples);
    const named = ['time', 'window_start', 'window_end', 'device', 'value', 'version'];
    const shown = await answerOf(latest);
    expect(shown.columns).toEqual(expect.arrayContaining(named));
    expect(shown.rows).toHaveLength(5);
    const change = await answerOf(corrections);
    expect(change.columns).toEqual(expect.arrayContaining(['from', 'to', 'late']));
    expect(change.rows).toHaveLength(5);
  });

  it.each([
    ['drop a table', 'DROP TABLE metrics.views'],
    ['delete rows', 'ALTER TABLE metrics.views DELETE WHERE 1'],
    ['make a database', 'CREATE DATABASE other'],
    ['read a file of the server', `SELECT * FROM file('/etc/hostname', 'LineAsString')`],
  ])('gives no right to %s', async (_, statement) => {
    await expect(run(statement)).rejects.toThrow('ACCESS_DENIED');
  });

  it('has each row once in the table, too, when its files are merged', async () => {
    await run('SYSTEM START MERGES metrics.views');
    await run('OPTIMIZE TABLE metrics.views FINAL');
    const count = 'SELECT count() FROM metrics.views';
    expect(await answerOf(count)).toMatchObject({ rows: [['240']] });
  });
});

describe('the user of docs/stores.md that only reads', () => {
  beforeAll(() => startAs(createReader[1]));

  it.each(shownStatements(page, 'In ClickHouse').slice(0, -1))(
    'gets the same answers: $statement',
    async ({ statement, answer }) => {
      expect(await answerOf(statement)).toEqual(answer);
    },
  );

  it('is enough for the dashboard', async () => {
    await using reader = openReader(engine, { database });
    expect(await reader.dimensions(signal)).toEqual(['device']);
  });

  it.each([
    ['write', `INSERT INTO metrics.views (measure_name) VALUES ('x')`],
    ['make a table', 'CREATE TABLE metrics.mine (a Int8) ENGINE = Memory'],
    ['change a view', 'CREATE OR REPLACE VIEW metrics.views_latest AS SELECT 1'],
    ['drop a view', 'DROP VIEW metrics.views_latest'],
    ['read a file of the server', `SELECT * FROM file('/etc/hostname', 'LineAsString')`],
    ['read from elsewhere', `SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')`],
    ['make a user', `CREATE USER other`],
  ])('may not %s', async (_, statement) => {
    await expect(run(statement)).rejects.toThrow('ACCESS_DENIED');
  });
});
