import { paginateQuery, TimestreamQueryClient } from '@aws-sdk/client-timestream-query';
import type { StoreTable } from '@highwater/model';
import { openPostgresReader, openPostgresStore } from '@highwater/postgres';
import { createLogger, loadConfig, systemClock, systemRandom } from '@highwater/service';
import { defineStoreMetrics } from '@highwater/store-kit';
import { openStore, storeConfig } from '@highwater/stores';
import { startTimestreamLocal } from '@highwater/timestream-local';
import { Client } from 'pg';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf, storeOptions } from '../store-contract/postgres-fixture.ts';
import { temporaryPostgres } from '../store-contract/temporary-postgres.ts';
import { blocksOf, proseOf } from './code-blocks.ts';
import { writeCorrectedHistory, type HistoryCounts } from './corrected-history.ts';
import { shownStatements, statementsOf, type ShownAnswer } from './shown-answers.ts';

// Goal: docs/stores.md can be followed, and its statements return what it shows. Method: a server that
// knows nothing of Highwater gets the blocks of the page in their order, each from the role that it is for.
// The ClickHouse blocks are in test/clickhouse/docs.clickhouse.test.ts.

const page = 'docs/stores.md';
const blocks = blocksOf(page).filter(({ language }) => language === 'sql');
const statementsWith = (text: string) => {
  const [found, ...others] = blocks.filter((block) => block.text.includes(text));
  if (found === undefined || others.length > 0)
    throw new Error(`${page}: not one block has ${text}`);
  return statementsOf(found.text);
};
const makeOwner = statementsWith('CREATE DATABASE metrics OWNER');
const makeReader = statementsWith('CREATE ROLE highwater_reader');

const { signal } = new AbortController();
const stack = new AsyncDisposableStack();
afterAll(() => stack.disposeAsync());

/** A superuser, and a user like the first one of RDS, who is none. */
describe.each(['admin', 'master'])('PostgreSQL, set up by the user %s', (admin) => {
  let url: string;
  let reader: Client;
  let history: HistoryCounts;
  const as = (user: string, password: string, database = 'metrics') => {
    const login = new URL(url);
    Object.assign(login, { username: user, password, pathname: `/${database}` });
    return login.href;
  };
  const connect = async (connectionString: string) => {
    const client = new Client({ connectionString, types: { getTypeParser: () => String } });
    await client.connect();
    stack.defer(() => client.end());
    await client.query(`SET TIME ZONE 'UTC'`);
    return client;
  };
  const addressFor = (user: string, password: string) =>
    addressOf({ url: as(user, password) }, { password: async () => password });
  const open = (table: StoreTable) =>
    openPostgresStore(
      addressFor('highwater', 'choose one'),
      storeOptions(table, { retentionDays: 36_500 }),
    );

  beforeAll(async () => {
    const { server } = stack.use(await temporaryPostgres());
    ({ url } = server);
    // Its superuser has the name that the page gives to the role of the services.
    const first = await connect(url);
    await first.query(`CREATE ROLE temporary SUPERUSER LOGIN PASSWORD 'temporary'`);
    const second = await connect(as('temporary', 'temporary', 'highwater'));
    await second.query(`ALTER ROLE highwater RENAME TO admin`);
    await second.query(`ALTER ROLE admin PASSWORD 'admin'`);
    await second.query(`CREATE ROLE master LOGIN CREATEROLE CREATEDB PASSWORD 'master'`);

    const maker = await connect(as(admin, admin, 'highwater'));
    for (const statement of makeOwner) await maker.query(statement);
    history = await writeCorrectedHistory(open);
    const granter = await connect(as(admin, admin));
    for (const statement of makeReader) await granter.query(statement);
    reader = await connect(as('highwater_reader', 'choose another'));
  });

  it('has the history that the page describes', () => {
    const { rows, correctedRows, corrections, written } = history;
    const text = proseOf(page);
    expect(text).toContain(`10 × 24 = ${rows} rows`);
    expect(text).toContain(
      `correct ${correctedRows} of these rows (${(100 * correctedRows) / rows} %)`,
    );
    expect(text).toContain(
      `${corrections - correctedRows} of the ${correctedRows} are corrected twice`,
    );
    expect(text).toContain(`there are ${corrections} corrections`);
    expect(text).toContain(`it writes ${written} row versions`);
  });

  it('needs no rights of a superuser for the role of the services', async () => {
    const client = await connect(as('highwater', 'choose one'));
    const statement = `SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user`;
    expect(await answerOf(client, statement)).toMatchObject({ rows: [['f', 'f', 'f']] });
  });

  it.each(shownStatements(page, 'In PostgreSQL'))(
    'answers as the page shows: $statement',
    async ({ statement, answer }) => {
      expect(await answerOf(reader, statement)).toEqual(answer);
    },
  );

  it('has the columns that the page lists', async () => {
    const [rows = '', corrections = ''] = statementsWith('SELECT * FROM highwater.');
    const shown = await answerOf(reader, rows);
    const named = ['time', 'device', 'window_start', 'window_end', 'value', 'version'];
    expect(shown.columns).toEqual(named);
    expect(shown.rows).toHaveLength(5);
    const change = await answerOf(reader, corrections);
    expect(change.columns).toEqual(expect.arrayContaining(['from', 'to', 'points', 'late']));
    expect(change.rows).toHaveLength(5);
  });

  it.each([
    ['insert', 'INSERT INTO highwater_data.raw SELECT * FROM highwater_data.raw'],
    ['change', 'UPDATE highwater_data.views SET value = 0'],
    ['delete', 'DELETE FROM highwater_data.corrections'],
    ['empty a table', 'TRUNCATE highwater_data.raw'],
    ['drop a view', 'DROP VIEW highwater.avg_temperature'],
    ['make a table', 'CREATE TABLE highwater.mine (a int)'],
    ['make a table in public', 'CREATE TABLE public.mine (a int)'],
    ['make a temporary table', 'CREATE TEMPORARY TABLE mine (a int)'],
    ['make a schema', 'CREATE SCHEMA mine'],
    ['make a role', 'CREATE ROLE mine'],
    ['become the role of the services', 'SET ROLE highwater'],
    ['read a file of the server', `SELECT pg_read_file('/etc/hostname')`],
    ['list files of the server', `SELECT pg_ls_dir('/etc')`],
    ['copy a file of the server', `COPY (SELECT 1) TO '/tmp/highwater-docs'`],
    ['run a program', `COPY (SELECT 1) TO PROGRAM 'true'`],
    ['import a file', `SELECT lo_import('/etc/hostname')`],
  ])('does not let the role that reads %s', async (_, statement) => {
    await expect(reader.query(statement)).rejects.toMatchObject({ code: '42501' });
  });

  it('lets the dashboard read as that role', async () => {
    const address = addressFor('highwater_reader', 'choose another');
    const options = { requestsInFlightMax: 2, requestTimeoutMs: 30_000, clock: systemClock };
    await using dashboard = await openPostgresReader(address, options);
    expect(await dashboard.dimensions(signal)).toEqual(['device']);
  });

  it('shows that role measures that come later', async () => {
    const row = {
      measureName: 'later',
      measureValueType: 'BIGINT',
      measureValue: '1',
      dimensions: [{ name: 'device', value: 'pump-01' }],
      time: String(Date.now()),
      timeUnit: 'MILLISECONDS',
      version: 1,
    } as const;
    {
      await using store = await open('raw');
      expect(await store.write([row], signal)).toEqual([{ status: 'written' }]);
    }
    const answer = { columns: ['value_bigint'], rows: [['1']] };
    expect(await answerOf(reader, 'SELECT value_bigint FROM highwater.later')).toEqual(answer);
  });
});

describe('Timestream', () => {
  let query: TimestreamQueryClient;

  beforeAll(async () => {
    const { endpoint } = stack.use(await startTimestreamLocal());
    // So that rows of the dates of the page are not too old.
    const config = loadConfig(storeConfig, {
      AWS_ENDPOINT_URL_TIMESTREAM_WRITE: endpoint,
      HW_TIMESTREAM_MAGNETIC_WRITES: 'true',
      HW_TIMESTREAM_MAGNETIC_DAYS: '73000',
    });
    const open = (table: StoreTable) =>
      openStore(config, table, {
        clock: systemClock,
        log: createLogger({ name: 'test', level: 'silent', clock: systemClock }),
        metrics: defineStoreMetrics(new Registry()),
        random: systemRandom,
        signal,
      });
    await writeCorrectedHistory(open);
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    query = new TimestreamQueryClient({ region: 'us-east-1', endpoint, credentials });
    stack.defer(() => query.destroy());
  });

  it.each(shownStatements(page, 'In Timestream'))(
    'answers as the page shows: $statement',
    async ({ statement, answer }) => {
      let columns: readonly string[] = [];
      const rows: string[][] = [];
      for await (const reply of paginateQuery({ client: query }, { QueryString: statement })) {
        columns = (reply.ColumnInfo ?? []).map(({ Name = '' }) => Name);
        for (const { Data = [] } of reply.Rows ?? [])
          rows.push(Data.map(({ ScalarValue = '' }) => ScalarValue));
      }
      expect({ columns, rows }).toEqual(answer);
    },
  );
});

async function answerOf(client: Client, statement: string): Promise<ShownAnswer> {
  const { fields, rows } = await client.query<string[]>({ text: statement, rowMode: 'array' });
  return { columns: fields.map(({ name }) => name), rows };
}
