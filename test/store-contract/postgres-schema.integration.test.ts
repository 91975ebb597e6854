import type { Clock, Row } from '@highwater/model';
import { openPostgresReader } from '@highwater/postgres';
import type { PostgresServer } from '@highwater/postgres-server';
import { systemClock } from '@highwater/service';
import { silentLogger } from '@highwater/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf, openTable } from './postgres-fixture.ts';
import { temporaryPostgres } from './temporary-postgres.ts';

const stack = new AsyncDisposableStack();
const { signal } = new AbortController();
const dayMs = 86_400_000;
let server: PostgresServer;
let admin: Client;
let lastDatabase = 0;

beforeAll(async () => {
  ({ server } = stack.use(await temporaryPostgres()));
  admin = await connect();
  // No rights beside those of the database that it is given.
  await admin.query(
    `create role writer login password 'w'; create role "read er" login password 'r'`,
  );
});
afterAll(async () => {
  await admin.end();
  await stack.disposeAsync();
});

async function connect(overrides: { database?: string; user?: string; secret?: string } = {}) {
  const address = addressOf(server);
  const client = new Client({
    host: address.host,
    port: address.port,
    user: overrides.user ?? address.user,
    database: overrides.database ?? address.database,
    password: overrides.secret ?? (await address.password()) ?? '',
  });
  await client.connect();
  stack.defer(() => client.end());
  return client;
}

/** A database of its own for a test, in which `writer` may create schemas. */
async function newDatabase(): Promise<string> {
  const name = `test_${(lastDatabase += 1)}`;
  await admin.query(`create database ${name}`);
  await admin.query(`grant create on database ${name} to writer`);
  return name;
}

function writerOf(database: string) {
  return { database, user: 'writer', password: async () => 'w' };
}

function rowOf(overrides: Partial<Row> = {}): Row {
  return {
    measureName: 'cpu',
    measureValueType: 'DOUBLE',
    measureValue: '1.5',
    dimensions: [{ name: 'host', value: 'a' }],
    time: String(Date.now()),
    timeUnit: 'MILLISECONDS',
    version: 1,
    ...overrides,
  };
}

/** A clock whose first wait, which is that for the maintenance, ends when it is told to. */
function clockOfMaintenance(): { readonly clock: Clock; readonly maintain: () => void } {
  const first = Promise.withResolvers<void>();
  let sleepsCount = 0;
  const clock: Clock = {
    ...systemClock,
    sleep: (durationMs, aborted) => {
      sleepsCount += 1;
      return sleepsCount === 1 ? first.promise : systemClock.sleep(durationMs, aborted);
    },
  };
  return { clock, maintain: first.resolve };
}

describe('opening a PostgresStore', () => {
  it('makes the schema once, however many processes open it', async () => {
    const database = await newDatabase();
    const address = writerOf(database);
    const tables = ['raw', 'views', 'corrections', 'raw', 'views', 'raw', 'views', 'raw'] as const;
    const stores = await Promise.all(tables.map((table) => openTable(server, table, { address })));
    const rows = stores.map((store) => store.write([rowOf()], signal));
    expect((await Promise.all(rows)).flat()).toEqual(tables.map(() => ({ status: 'written' })));
    await Promise.all(stores.map((store) => store[Symbol.asyncDispose]()));
    const client = await connect({ database });
    const { rows: versions } = await client.query('select version from highwater_data.migrations');
    expect(versions).toEqual([{ version: 1 }]);
    const { rows: series } = await client.query('select measure_name from highwater_data.series');
    expect(series).toEqual([{ measure_name: 'cpu' }]);
  });

  it.each([
    ['an empty schema', 'create schema highwater_data'],
    [
      'a list of versions that is empty',
      'create schema highwater_data; create table highwater_data.migrations (version int primary key, applied_at timestamptz not null default now())',
    ],
  ])('makes what is missing beside %s', async (_, statements) => {
    const database = await newDatabase();
    const writer = await connect({ database, user: 'writer', secret: 'w' });
    await writer.query(statements);
    await using store = await openTable(server, 'raw', { address: writerOf(database) });
    expect(await store.write([rowOf()], signal)).toEqual([{ status: 'written' }]);
  });

  it('refuses a schema that a newer program has changed', async () => {
    const database = await newDatabase();
    const address = writerOf(database);
    await (await openTable(server, 'raw', { address }))[Symbol.asyncDispose]();
    const client = await connect({ database });
    await client.query('insert into highwater_data.migrations (version) values (1000)');
    await expect(openTable(server, 'raw', { address })).rejects.toMatchObject({
      code: 'HW_POSTGRES_CALL',
      domain: 'user',
      message: expect.stringContaining('it has version 1000'),
    });
  });

  it('refuses a missing schema when it may not make one', async () => {
    const address = writerOf(await newDatabase());
    await expect(openTable(server, 'raw', { address, mayCreate: false })).rejects.toMatchObject({
      domain: 'user',
      retry: 'never',
      message: expect.stringContaining('it is missing'),
    });
  });

  it('names the right that is missing to make the schema', async () => {
    const database = await newDatabase();
    await admin.query(`revoke create on database ${database} from writer`);
    await expect(openTable(server, 'raw', { address: writerOf(database) })).rejects.toMatchObject({
      domain: 'user',
      message: expect.stringContaining(`GRANT CREATE ON DATABASE "${database}" TO "writer"`),
    });
  });

  it('names the role that may make partitions', async () => {
    const database = await newDatabase();
    await (await openTable(server, 'raw', { address: { database } }))[Symbol.asyncDispose]();
    await expect(openTable(server, 'raw', { address: writerOf(database) })).rejects.toMatchObject({
      domain: 'user',
      message: expect.stringContaining('GRANT USAGE ON SCHEMA "highwater_data"'),
    });
    const client = await connect({ database });
    await client.query('grant usage on schema highwater_data to writer');
    await client.query('grant select on highwater_data.migrations to writer');
    await expect(openTable(server, 'raw', { address: writerOf(database) })).rejects.toMatchObject({
      domain: 'user',
      message: expect.stringContaining('GRANT "highwater" TO "writer"'),
    });
  });

  it.each([
    ['a wrong password', { password: async () => 'wrong' }, '28P01'],
    ['no password', { password: async () => undefined }, 'asks for a password'],
    ['a database that does not exist', { database: 'nowhere' }, '3D000'],
    ['TLS that the server does not have', { tls: 'require' as const }, 'SSL'],
    [
      'certificates that are not there',
      { tls: 'verify-full' as const, caFile: '/no/ca' },
      '/no/ca',
    ],
  ])('ends at once with %s', async (_, address, text) => {
    await expect(openTable(server, 'raw', { address })).rejects.toMatchObject({
      code: 'HW_POSTGRES_CALL',
      retry: 'never',
      message: expect.stringContaining(text),
    });
  });

  it('asks for the password for each new connection', async () => {
    const passwords: string[] = [];
    const known = (await addressOf(server).password()) ?? '';
    const password = async () => {
      passwords.push(known);
      return known;
    };
    await using store = await openTable(server, 'raw', {
      address: { password },
      requestsInFlightMax: 2,
    });
    await store.write([rowOf()], signal);
    const asked = passwords.length;
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'highwater'",
    );
    await store.write([rowOf({ version: 2 })], signal);
    expect(passwords.length).toBeGreaterThan(asked);
  });
});

describe('days of a PostgresStore', () => {
  async function partitionsOf(database: string): Promise<readonly string[]> {
    const client = await connect({ database });
    const { rows } = await client.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits
       where inhparent = 'highwater_data.raw'::regclass order by 1`,
    );
    return rows.map(({ name }) => name);
  }
  const partitionOf = (timeMs: number) =>
    `highwater_data.raw_${new Date(timeMs).toISOString().slice(0, 10).replaceAll('-', '')}`;
  const ago = (days: number) => Date.now() - days * dayMs;

  it('are made ahead, and for rows that come late; others are refused', async () => {
    const database = await newDatabase();
    await using store = await openTable(server, 'raw', { address: writerOf(database) });
    const ahead = [0, -1, -2].map((days) => partitionOf(ago(days)));
    expect(await partitionsOf(database)).toEqual(ahead);
    const rows = [ago(2), ago(5), ago(0), ago(-4)].map((time) => rowOf({ time: String(time) }));
    const outOfRange = { status: 'rejected', reason: 'time_out_of_range' };
    const outcomes = await store.write(rows, signal);
    expect(outcomes).toMatchObject([
      { status: 'written' },
      outOfRange,
      { status: 'written' },
      outOfRange,
    ]);
    expect(await partitionsOf(database)).toEqual([partitionOf(ago(2)), ...ahead]);
  });

  it('are dropped when they are over', async () => {
    const database = await newDatabase();
    const address = writerOf(database);
    const rows = [8, 4, 0].map((days) => rowOf({ time: String(ago(days)) }));
    {
      await using store = await openTable(server, 'raw', { address, retentionDays: 30 });
      expect(await store.write(rows, signal)).toEqual(rows.map(() => ({ status: 'written' })));
    }
    const kept = [4, 0, -1, -2].map((days) => partitionOf(ago(days)));
    const { clock, maintain } = clockOfMaintenance();
    await using store = await openTable(server, 'raw', { address, retentionDays: 5, clock });
    // Whoever only opens the table removes nothing.
    expect(await partitionsOf(database)).toEqual([partitionOf(ago(8)), ...kept]);
    maintain();
    await expect.poll(() => partitionsOf(database)).toEqual(kept);
    expect(await store.write(rows.slice(0, 1), signal)).toMatchObject([
      { reason: 'time_out_of_range' },
    ]);
  });

  it('stay while somebody reads, who stops no write', async () => {
    const database = await newDatabase();
    const address = writerOf(database);
    {
      await using old = await openTable(server, 'raw', { address, retentionDays: 30 });
      await old.write([rowOf({ time: String(ago(8)) })], signal);
    }
    const person = await connect({ database });
    await person.query('begin');
    await person.query('select count(*) from highwater_data.raw');
    const warned = Promise.withResolvers<unknown>();
    const { clock, maintain } = clockOfMaintenance();
    const log = { ...silentLogger, warn: (content: unknown) => warned.resolve(content) };
    await using store = await openTable(server, 'raw', { address, retentionDays: 5, clock, log });
    maintain();
    expect(await warned.promise).toMatchObject({ err: { code: '55P03' } });
    expect(await store.write([rowOf()], signal)).toEqual([{ status: 'written' }]);
    expect(await partitionsOf(database)).toContain(partitionOf(ago(8)));
    await person.query('commit');
  });

  it('keep room on their pages for corrected rows', async () => {
    const database = await newDatabase();
    await using _store = await openTable(server, 'raw', { address: writerOf(database) });
    const client = await connect({ database });
    const { rows } = await client.query(
      'select reloptions from pg_class where oid = $1::regclass',
      [partitionOf(ago(0))],
    );
    expect(rows).toEqual([{ reloptions: ['fillfactor=70'] }]);
  });
});

describe('rows of a PostgresStore', () => {
  it('that a constraint of somebody else forbids end the write with its name', async () => {
    const database = await newDatabase();
    await using store = await openTable(server, 'raw', { address: writerOf(database) });
    const person = await connect({ database });
    await person.query('alter table highwater_data.raw add constraint small check (value < 9)');
    await expect(store.write([rowOf({ measureValue: '10' })], signal)).rejects.toMatchObject({
      code: 'HW_POSTGRES_CALL',
      retry: 'never',
      message: expect.stringContaining('"small"') as string,
    });
  });

  it('that a trigger drops end the write, too', async () => {
    const database = await newDatabase();
    await using store = await openTable(server, 'raw', { address: writerOf(database) });
    const person = await connect({ database });
    await person.query(
      `create function nothing() returns trigger language plpgsql as 'begin return null; end'`,
    );
    await person.query(
      'create trigger nothing before insert on highwater_data.raw for each row execute function nothing()',
    );
    await expect(store.write([rowOf()], signal)).rejects.toThrow(/look for a trigger/);
  });

  it('are exact, whatever their type', async () => {
    const database = await newDatabase();
    await using store = await openTable(server, 'raw', { address: writerOf(database) });
    const day = Math.floor(Date.now() / dayMs) * dayMs;
    const kinds: readonly (readonly [Row['measureValueType'], string, string])[] = [
      ['DOUBLE', '-0.0', '0'],
      ['DOUBLE', '0.1', '0.1'],
      ['DOUBLE', '1e-400', '0'],
      ['DOUBLE', '5e-324', '5e-324'],
      ['DOUBLE', '1.7976931348623157e308', '1.7976931348623157e+308'],
      ['BIGINT', '9223372036854775807', '9223372036854775807'],
      ['BIGINT', '-9223372036854775808', '-9223372036854775808'],
      ['BIGINT', '+0012', '12'],
      ['VARCHAR', 'ÄÖ "quoted" \\ {a,b} NULL', 'ÄÖ "quoted" \\ {a,b} NULL'],
      ['VARCHAR', 'NULL', 'NULL'],
      ['VARCHAR', 'a\0b\uD800', 'a\uFFFDb\uFFFD'],
      ['BOOLEAN', 'true', 'true'],
      ['BOOLEAN', 'false', 'false'],
    ];
    const rows = kinds.map(([measureValueType, measureValue], index) =>
      rowOf({ measureName: `m${index}`, measureValueType, measureValue }),
    );
    const nanoseconds = [0, 1, 999, 1_000, 999_999_999].map((nanos) =>
      rowOf({
        measureName: 'nanos',
        time: `${BigInt(day) * 1_000_000n + BigInt(nanos)}`,
        timeUnit: 'NANOSECONDS',
        measureValue: String(nanos),
      }),
    );
    const all = [...rows, ...nanoseconds];
    expect(await store.write(all, signal)).toEqual(all.map(() => ({ status: 'written' })));
    // The same again is the same value.
    expect(await store.write(all, signal)).toEqual(all.map(() => ({ status: 'written' })));

    const client = await connect({ database });
    const { rows: stored } = await client.query<{ value: string }>(
      `select coalesce(value::text, value_bigint::text, value_bool::text, value_text) as value
       from highwater_data.raw join highwater_data.series using (series_id)
       where measure_name <> 'nanos' order by substring(measure_name from 2)::int`,
    );
    expect(stored.map(({ value }) => value)).toEqual(kinds.map(([, , value]) => value));
    const { rows: times } = await client.query(
      `select floor(extract(epoch from time) * 1000000)::bigint * 1000 + nanos as nanoseconds, value
       from highwater_data.raw join highwater_data.series using (series_id)
       where measure_name = 'nanos' order by 1`,
    );
    expect(times).toEqual(
      nanoseconds.map(({ time, measureValue }) => ({
        nanoseconds: time,
        value: Number(measureValue),
      })),
    );
  });

  it('keep apart what differs only in how PostgreSQL can hold it', async () => {
    const database = await newDatabase();
    await using store = await openTable(server, 'raw', { address: writerOf(database) });
    const time = String(Date.now());
    const rows = ['\uD800', '\uD801', '\uFFFD'].map((value, index) =>
      rowOf({ dimensions: [{ name: 'host', value }], time, measureValue: String(index) }),
    );
    expect(await store.write(rows, signal)).toEqual(rows.map(() => ({ status: 'written' })));
    // As large as a row's dimensions may be.
    const large = Array.from({ length: 120 }, (_, index) => ({
      name: `dimension-${index}`,
      value: 'v'.repeat(4),
    }));
    const long = rowOf({ measureName: 'm'.repeat(200), dimensions: large });
    expect(await store.write([long], signal)).toEqual([{ status: 'written' }]);
  });

  it('are not taken for another type of the same version', async () => {
    const database = await newDatabase();
    await using store = await openTable(server, 'raw', { address: writerOf(database) });
    const row = rowOf({ measureValue: '1' });
    await store.write([row], signal);
    expect(await store.write([{ ...row, measureValueType: 'BIGINT' }], signal)).toMatchObject([
      { reason: 'version_conflict' },
    ]);
  });
});

describe('views of measures', () => {
  async function viewOf(client: Client, schema: string, view: string) {
    const { rows, fields } = await client.query({
      text: `select * from "${schema}"."${view}" order by time`,
      rowMode: 'array',
    });
    return { names: fields.map(({ name }) => name), rows };
  }

  it('are extended later when somebody reads them, who stops no write', async () => {
    const database = await newDatabase();
    const { clock, maintain } = clockOfMaintenance();
    const address = writerOf(database);
    await using store = await openTable(server, 'raw', { address, clock });
    await store.write([rowOf()], signal);
    const person = await connect({ database });
    await person.query('begin');
    await person.query('select * from highwater.cpu');
    const dimensions = [{ name: 'rack', value: 'r1' }];
    expect(await store.write([rowOf({ dimensions })], signal)).toEqual([{ status: 'written' }]);
    await person.query('commit');
    maintain();
    await expect
      .poll(async () =>
        (await person.query('select * from highwater.cpu')).fields.map(({ name }) => name),
      )
      .toContain('rack');
  });

  it('have a column for each dimension, and get those that come later', async () => {
    const database = await newDatabase();
    const address = writerOf(database);
    await using store = await openTable(server, 'raw', { address });
    const first = rowOf({
      dimensions: [
        { name: 'host', value: 'a' },
        { name: 'value', value: 'taken' },
      ],
    });
    await store.write([first], signal);
    const client = await connect({ database });
    expect(await viewOf(client, 'highwater', 'cpu')).toMatchObject({
      names: ['time', 'host', 'dimension_value', 'value', 'version'],
      rows: [[new Date(Number(first.time)), 'a', 'taken', 1.5, '1']],
    });
    // Another process, which does not know what the view has.
    await using other = await openTable(server, 'raw', { address });
    const long = 'é'.repeat(30);
    const later = rowOf({
      dimensions: [{ name: long, value: 'b' }],
      measureValueType: 'BIGINT',
      measureValue: '9007199254740993',
      time: String(Number(first.time) + 1),
    });
    await other.write([later], signal);
    const { names, rows } = await viewOf(client, 'highwater', 'cpu');
    expect(names).toEqual([
      'time',
      'host',
      'dimension_value',
      'value',
      'version',
      long,
      'value_bigint',
    ]);
    expect(rows[1]).toEqual([
      new Date(Number(later.time)),
      null,
      null,
      9007199254740992,
      '1',
      'b',
      '9007199254740993',
    ]);
  });

  it('show windows, and whether a row was filled in', async () => {
    const database = await newDatabase();
    await using store = await openTable(server, 'views', { address: writerOf(database) });
    const day = new Date(Math.floor(Date.now() / dayMs) * dayMs);
    const minute = new Date(day.getTime() + 60_000);
    const text = (time: Date) => time.toISOString().replace('T', ' ').replace('Z', '');
    const row = rowOf({
      measureName: 'm'.repeat(70),
      dimensions: [
        { name: 'host', value: 'a' },
        { name: 'window_end', value: text(minute) },
        { name: 'window_start', value: text(day) },
      ],
      time: String(day.getTime()),
      attributes: [{ name: 'interpolated', type: 'VARCHAR', value: 'linear' }],
    });
    await store.write([row], signal);
    const client = await connect({ database });
    const { rows: views } = await client.query<{ view_name: string }>(
      'select view_name from highwater_data.measures',
    );
    const name = views[0]?.view_name ?? '';
    expect(name).toMatch(/^m{54}_[0-9a-f]{8}$/);
    expect(await viewOf(client, 'highwater', name)).toMatchObject({
      names: ['time', 'host', 'window_start', 'window_end', 'value', 'interpolated', 'version'],
      rows: [[day, 'a', day, minute, 1.5, 'linear', '1']],
    });
  });

  it('show corrections by their parts, and pass over what is none', async () => {
    const database = await newDatabase();
    await using store = await openTable(server, 'corrections', { address: writerOf(database) });
    const day = new Date(Math.floor(Date.now() / dayMs) * dayMs);
    const text = day.toISOString().replace('T', ' ').replace('Z', '');
    const change = { from: -1.5, to: 2e21, points: 12, added: 2, late: 1, lateByMs: 61_000 };
    const rows = [JSON.stringify(change), 'no JSON'].map((measureValue, index) =>
      rowOf({
        measureValueType: 'VARCHAR',
        measureValue,
        dimensions: [
          { name: 'host', value: 'a' },
          { name: 'window_end', value: text },
          { name: 'window_start', value: text },
        ],
        time: String(day.getTime() + index),
      }),
    );
    await store.write(rows, signal);
    const client = await connect({ database });
    expect(await viewOf(client, 'highwater_corrections', 'cpu')).toMatchObject({
      names: [
        'time',
        'host',
        'window_start',
        'window_end',
        'from',
        'to',
        'points',
        'added',
        'late',
        'late_by_ms',
        'version',
      ],
      rows: [
        [day, 'a', day, day, -1.5, 2e21, '12', '2', '1', '61000', '1'],
        [new Date(day.getTime() + 1), 'a', day, day, null, null, null, null, null, null, '1'],
      ],
    });
  });

  it('may be made by several writers at once, or not at all, and rows are written', async () => {
    const database = await newDatabase();
    const address = writerOf(database);
    const stores = await Promise.all([1, 2, 3, 4].map(() => openTable(server, 'raw', { address })));
    const outcomes = await Promise.all(
      stores.map((store, index) =>
        store.write([rowOf({ dimensions: [{ name: `d${index}`, value: 'x' }] })], signal),
      ),
    );
    expect(outcomes.flat()).toEqual(stores.map(() => ({ status: 'written' })));
    const client = await connect({ database });
    expect((await viewOf(client, 'highwater', 'cpu')).names.toSorted()).toEqual(
      ['time', 'value', 'version', 'd0', 'd1', 'd2', 'd3'].toSorted(),
    );
    // A table of the user's has the name of a measure.
    await client.query('create table highwater.mine (a int)');
    const mine = [rowOf({ measureName: 'mine' })];
    expect(await stores[0]?.write(mine, signal)).toEqual([{ status: 'written' }]);
    await Promise.all(stores.map((store) => store[Symbol.asyncDispose]()));
  });

  it('and the tables can be read by a role that may do nothing else', async () => {
    const database = await newDatabase();
    const writer = await connect({ database, user: 'writer', secret: 'w' });
    await using store = await openTable(server, 'raw', { address: writerOf(database) });
    for (const schema of ['highwater', 'highwater_data', 'highwater_corrections']) {
      await writer.query(`grant usage on schema ${schema} to "read er"`);
      await writer.query(`grant select on all tables in schema ${schema} to "read er"`);
      await writer.query(
        `alter default privileges in schema ${schema} grant select on tables to "read er"`,
      );
    }
    const row = rowOf();
    await store.write([row], signal);
    await using reader = await openPostgresReader(
      addressOf(server, { database, user: 'read er', password: async () => 'r' }),
      { requestsInFlightMax: 1, requestTimeoutMs: 30_000, clock: systemClock },
    );
    const limits = { rowsMax: 10, signal };
    const choice = { fromMs: ago(1), toMs: ago(-1), measure: 'cpu', filters: {} };
    expect(await reader.points(choice, limits)).toMatchObject({
      items: [{ timeMs: Number(row.time), value: 1.5 }],
    });
    const { rows } = await reader.query('select host, value from highwater.cpu', limits);
    expect(rows).toEqual([['a', '1.5']]);
    // The role is the fence behind the one of the transaction.
    const reading = await connect({ database, user: 'read er', secret: 'r' });
    await expect(reading.query('delete from highwater_data.raw')).rejects.toMatchObject({
      code: '42501',
    });
  });

  const ago = (days: number) => Date.now() - days * dayMs;
});
