import type { Row, RowReader, StoredRow } from '@highwater/model';
import { defineStoreMetrics } from '@highwater/store-kit';
import { silentLogger } from '@highwater/testkit';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowText } from '../store-contract/reader-contract.ts';
import { openReader, openTable } from './clickhouse-fixture.ts';
import { temporaryEngine, type TemporaryEngine } from './temporary-engine.ts';

const { signal } = new AbortController();
const stack = new AsyncDisposableStack();
const nowMs = Date.now();
const dayMs = 86_400_000;
let engine: TemporaryEngine;
let reader: RowReader;

beforeAll(async () => {
  engine = stack.use(await temporaryEngine());
  reader = stack.use(openReader(engine));
});
afterAll(() => stack.disposeAsync());

function rowOf(overrides: Partial<Row> = {}): Row {
  return {
    measureName: 'cpu_user',
    measureValueType: 'DOUBLE',
    measureValue: '1.5',
    dimensions: [{ name: 'host', value: 'a' }],
    time: String(nowMs),
    timeUnit: 'MILLISECONDS',
    version: 1,
    ...overrides,
  };
}

function boundText(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('T', ' ').replace('Z', '');
}

async function select(statement: string): Promise<readonly (readonly (string | null)[])[]> {
  return (await reader.query(statement, { rowsMax: 1_000, signal })).rows;
}

describe('the tables of ClickHouse', () => {
  it('are made once by any number of programs', async () => {
    const opening = [1, 2, 3, 4, 5, 6].map(() => openTable(engine, 'raw'));
    const stores = await Promise.all(opening);
    await Promise.all(stores.map((store) => store.write([rowOf()], signal)));
    await Promise.all(stores.map((store) => store[Symbol.asyncDispose]()));
    expect(await select('SELECT value FROM cpu_user_points')).toEqual([['1.5']]);
  });

  it('keep every value exactly, and times to the nanosecond', async () => {
    await using store = await openTable(engine, 'raw');
    const ns = `${nowMs}000000`;
    const rows = [
      rowOf({
        measureName: 'exact',
        measureValue: '0.30000000000000004',
        time: ns,
        timeUnit: 'NANOSECONDS',
      }),
      rowOf({
        measureName: 'exact',
        measureValue: '5e-324',
        time: `${ns.slice(0, -1)}1`,
        timeUnit: 'NANOSECONDS',
      }),
      rowOf({
        measureName: 'exact',
        measureValue: '1.7976931348623157e308',
        time: `${ns.slice(0, -1)}2`,
        timeUnit: 'NANOSECONDS',
        version: Number.MAX_SAFE_INTEGER,
      }),
      rowOf({
        measureName: 'large',
        measureValueType: 'BIGINT',
        measureValue: '-9223372036854775808',
      }),
      rowOf({
        measureName: 'state',
        measureValueType: 'VARCHAR',
        measureValue: 'ÄÖ\t"quoted" \\ \'it\'\n𝄞',
      }),
      rowOf({ measureName: 'is_up', measureValueType: 'BOOLEAN', measureValue: 'true' }),
    ];
    await store.write(rows, signal);
    const exact = await select(
      `SELECT value, toUnixTimestamp64Nano(time), version FROM raw_latest WHERE measure_name = 'exact' ORDER BY time`,
    );
    expect(exact.map(([value, time, version]) => [Number(value), time, version])).toEqual([
      [0.1 + 0.2, ns, '1'],
      [5e-324, `${ns.slice(0, -1)}1`, '1'],
      [Number.MAX_VALUE, `${ns.slice(0, -1)}2`, String(Number.MAX_SAFE_INTEGER)],
    ]);
    const views = async () => [
      ...(await select('SELECT value FROM large_points')),
      ...(await select('SELECT value FROM state_points')),
      ...(await select('SELECT value FROM is_up_points')),
    ];
    await expect
      .poll(() => views().catch(() => []))
      .toEqual([['-9223372036854775808'], ['ÄÖ\t"quoted" \\ \'it\'\n𝄞'], ['true']]);
  });

  // Goal: neither a text nor a number is changed on the way to the table and back. Method: values at
  // the bounds of their types, and texts that mean something in SQL or in a format of results.
  it('return what they were given, whatever is in it', async () => {
    const login = { database: 'whole`s \\ "own"' };
    await using store = await openTable(engine, 'raw', { login, retentionDays: 100_000 });
    const odd = ['\\N', "'", '\\', '`', '\0', '\t\n\r', '"{}[]', '𝄞ß', ' ', '%_', "\\'", '\u2028'];
    const numbers = [
      '0',
      '-0',
      '5e-324',
      '-1.7976931348623157e308',
      '0.1',
      '1e21',
      '9007199254740993',
    ];
    const integers = ['9223372036854775807', '-9223372036854775808', '9007199254740993', '0', '+7'];
    const times = ['1', '999999999', '4133980799999999999', '9223372036853999999'];
    const rows = [
      ...odd.flatMap((text, index) => [
        rowOf({ measureName: `text ${index}`, measureValueType: 'VARCHAR', measureValue: text }),
        rowOf({ measureName: `name ${text}` }),
        rowOf({ measureName: 'keys', dimensions: [{ name: `k${text}`, value: `v${text}` }] }),
        rowOf({
          measureName: `attribute ${index}`,
          attributes: [{ name: `a${text}`, type: 'VARCHAR', value: text }],
        }),
      ]),
      ...numbers.map((measureValue, index) => rowOf({ measureName: `n${index}`, measureValue })),
      ...integers.map((measureValue, index) =>
        rowOf({ measureName: `i${index}`, measureValue, measureValueType: 'BIGINT' }),
      ),
      ...times.map((time) => rowOf({ measureName: 'times', time, timeUnit: 'NANOSECONDS' })),
      rowOf({ measureName: 'version', version: Number.MAX_SAFE_INTEGER }),
    ];
    const outcomes = await store.write(rows, signal);
    const taken = rows.filter((_, index) => outcomes[index]?.status === 'written');
    expect(taken.length).toBeGreaterThan(60);
    await using own = openReader(engine, login);
    const found: StoredRow[] = [];
    const span = { startMs: 0, endMs: Number.MAX_SAFE_INTEGER };
    for await (const batch of own.rows('raw', span, { batchRowsMax: 5, signal })) {
      expect(batch.length).toBeLessThanOrEqual(5);
      found.push(...batch);
    }
    const textsOf = (each: readonly StoredRow[]) =>
      each.map((row) => rowText(row, true)).toSorted();
    const canonical = ({ measureValue, ...row }: Row): Row => ({
      ...row,
      measureValue: measureValue === '-0' ? '0' : measureValue.replace('+', ''),
    });
    expect(textsOf(found)).toEqual(textsOf(taken.map(canonical)));
    const name = "k'";
    const choice = { fromMs: 0, toMs: nowMs, measures: ['keys'], filters: { [name]: ["v'"] } };
    expect(await own.dimensionValues(name, choice, "V'", { rowsMax: 9, signal })).toMatchObject({
      items: ["v'"],
    });
  });

  it('have a view for each measure, which gets a column for each dimension that comes', async () => {
    await using store = await openTable(engine, 'views');
    const bounds = [
      { name: 'window_start', value: boundText(nowMs - 60_000) },
      { name: 'window_end', value: boundText(nowMs) },
    ];
    const row = rowOf({
      measureName: 'avg.cpu',
      dimensions: [{ name: 'host', value: 'a' }, ...bounds],
    });
    await store.write([row], signal);
    await store.write([{ ...row, version: 2, measureValue: '2.5' }], signal);
    const [[name = ''] = []] = await select(
      `SELECT name FROM system.tables WHERE database = 'highwater' AND name LIKE 'avg\\_cpu\\_%'`,
    );
    expect(name).toMatch(/^avg_cpu_[0-9a-f]{8}_latest$/);
    const all = async () => {
      const { columns, rows } = await reader.query(`SELECT * FROM ${name} ORDER BY host`, {
        rowsMax: 10,
        signal,
      });
      return [columns.map((column) => column.name), ...rows.map((each) => each.slice(3))];
    };
    expect(await all()).toEqual([
      ['time', 'window_start', 'window_end', 'host', 'value', 'interpolated', 'version'],
      ['a', '2.5', '', '2'],
    ]);
    const more = [
      { name: 'host', value: 'b' },
      { name: 'value', value: 'of a dimension' },
      ...bounds,
    ];
    const attributes = [{ name: 'interpolated', type: 'VARCHAR', value: 'linear' }] as const;
    await store.write([{ ...row, dimensions: more, attributes }], signal);
    await expect.poll(all).toEqual([
      [
        'time',
        'window_start',
        'window_end',
        'host',
        'value_dimension',
        'value',
        'interpolated',
        'version',
      ],
      ['a', '', '2.5', '', '2'],
      ['b', 'of a dimension', '1.5', 'linear', '1'],
    ]);
  });

  it('have views with a limited number of columns, whatever names a producer invents', async () => {
    const login = { database: 'invented' };
    await using store = await openTable(engine, 'raw', { login });
    const rows = Array.from({ length: 300 }, (_, index) =>
      rowOf({ dimensions: [{ name: `d${1_000 + index}`, value: 'v' }] }),
    );
    for (const part of [rows.slice(0, 150), rows.slice(150)]) await store.write(part, signal);
    const columns = `SELECT count(), max(name) FROM system.columns
      WHERE database = 'invented' AND table = 'cpu_user_points' AND name LIKE 'd%'`;
    await expect.poll(() => select(columns)).toEqual([['200', 'd1199']]);
    expect(await select('SELECT count() FROM invented.cpu_user_points')).toEqual([['300']]);
  });

  it('take no row from before their retention, and keep its neighbours', async () => {
    await using store = await openTable(engine, 'raw');
    const outcomes = await store.write(
      [-31, -29, 0].map((days) =>
        rowOf({ measureName: 'old', time: String(nowMs + days * dayMs) }),
      ),
      signal,
    );
    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: 'time_out_of_range' },
      { status: 'written' },
      { status: 'written' },
    ]);
    expect(await select(`SELECT count() FROM raw_latest WHERE measure_name = 'old'`)).toEqual([
      ['2'],
    ]);
  });

  it('keep the retention that they were made with', async () => {
    await using store = await openTable(engine, 'raw', { retentionDays: 365 });
    const [outcome] = await store.write([rowOf({ time: String(nowMs - 31 * dayMs) })], signal);
    expect(outcome).toMatchObject({ status: 'rejected', reason: 'time_out_of_range' });
  });

  it('take rows of many days in one write, and of times that the engine cannot expire', async () => {
    const login = { database: 'long' };
    await using store = await openTable(engine, 'raw', { login, retentionDays: 8_000 });
    const days = Array.from({ length: 300 }, (_, index) => nowMs - index * 20 * dayMs);
    const rows = [...days, Date.UTC(2250, 0, 1)].map((timeMs) => rowOf({ time: String(timeMs) }));
    const outcomes = await store.write(rows, signal);
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['written']));
    expect(await select('SELECT count() FROM long.raw_latest')).toEqual([[String(rows.length)]]);
  });

  it('are not made where they may not be', async () => {
    const opening = openTable(engine, 'raw', { login: { database: 'nowhere' }, mayCreate: false });
    await expect(opening).rejects.toMatchObject({
      code: 'HW_CLICKHOUSE_CALL',
      domain: 'user',
      message: expect.stringContaining('it does not exist'),
    });
    expect(await select(`SELECT count() FROM system.databases WHERE name = 'nowhere'`)).toEqual([
      ['0'],
    ]);
  });

  it('are not touched when a newer program has made them', async () => {
    const login = { database: 'newer' };
    await (await openTable(engine, 'raw', { login }))[Symbol.asyncDispose]();
    await engine.run(
      `INSERT INTO newer.highwater_migrations (table_name, version) VALUES ('raw', 9)`,
    );
    await expect(openTable(engine, 'raw', { login })).rejects.toMatchObject({
      code: 'HW_CLICKHOUSE_CALL',
      message: expect.stringContaining('its layout has version 9'),
    });
  });

  it('are made again when somebody dropped them', async () => {
    const login = { database: 'dropped' };
    await (await openTable(engine, 'raw', { login }))[Symbol.asyncDispose]();
    await engine.run('DROP TABLE dropped.raw SYNC');
    await expect(openTable(engine, 'raw', { login, mayCreate: false })).rejects.toMatchObject({
      exception: 'UNKNOWN_TABLE',
    });
    await using store = await openTable(engine, 'raw', { login });
    expect(await store.write([rowOf()], signal)).toEqual([{ status: 'written' }]);
    expect(await select('SELECT max(version), count() FROM dropped.highwater_migrations')).toEqual([
      ['1', '1'],
    ]);
  });

  const replacing = 'ENGINE = ReplacingMergeTree(version) ORDER BY';
  it.each<[string, string, string]>([
    ['of another program', '(x Int32) ENGINE = MergeTree ORDER BY x', 'its engine is not'],
    [
      'that keeps the last version, not the highest',
      'AS other.right ENGINE = ReplacingMergeTree ORDER BY (measure_name, series_id, time)',
      'its engine is not ReplacingMergeTree(version)',
    ],
    [
      'that takes rows of different times for one',
      `AS other.right ${replacing} (measure_name, toStartOfHour(time), series_id)`,
      'it is not sorted by time',
    ],
    [
      'without a column',
      `(measure_name String, series_id UInt128, time DateTime64(9, 'UTC'), version UInt64) ${replacing} (measure_name, series_id, time)`,
      'it has no column value',
    ],
    [
      'whose times would be read as others',
      `(measure_name String, series_id UInt128, time DateTime64(3, 'UTC'), version UInt64) ${replacing} (measure_name, series_id, time)`,
      "its column time is a DateTime64(3, 'UTC')",
    ],
  ])('are not touched where there is a table %s', async (_, table, message) => {
    const login = { database: 'right' };
    await (await openTable(engine, 'raw', { login }))[Symbol.asyncDispose]();
    await engine.run('DROP DATABASE IF EXISTS other');
    await engine.run('CREATE DATABASE other');
    await engine.run('CREATE TABLE other.right AS right.raw');
    await engine.run(`CREATE TABLE other.raw ${table}`);
    await expect(openTable(engine, 'raw', { login: { database: 'other' } })).rejects.toMatchObject({
      code: 'HW_CLICKHOUSE_CALL',
      domain: 'user',
      message: expect.stringContaining(message),
    });
    expect(await select('SHOW TABLES FROM other')).toEqual([['raw'], ['right']]);
  });

  it('leave a table alone that has the name of a view', async () => {
    const login = { database: 'taken' };
    const warnings: unknown[] = [];
    const log = { ...silentLogger, warn: (fields: unknown) => warnings.push(fields) };
    await using store = await openTable(engine, 'raw', { login, log });
    await engine.run('CREATE TABLE taken.cpu_user_points (x Int32) ENGINE = MergeTree ORDER BY x');
    await engine.run('INSERT INTO taken.cpu_user_points VALUES (7)');
    expect(await store.write([rowOf()], signal)).toEqual([{ status: 'written' }]);
    await expect
      .poll(() => warnings)
      .toEqual([{ measureName: 'cpu_user', name: 'cpu_user_points' }]);
    expect(await select('SELECT x FROM taken.cpu_user_points')).toEqual([['7']]);
  });

  // Goal: two producers that contradict each other are noticed, although the engine reports nothing.
  // Method: a source of randomness by which every row is in the sample.
  it('are searched for rows with two values at one version', async () => {
    const metrics = defineStoreMetrics(new Registry());
    const login = { database: 'disputed' };
    await using store = await openTable(engine, 'raw', { login, random: () => 0, metrics });
    // A merge would leave one of the two.
    await engine.run('SYSTEM STOP MERGES disputed.raw');
    const rows = ['h1', 'h2', 'h3'].map((value) =>
      rowOf({ measureName: 'disputed', dimensions: [{ name: 'host', value }] }),
    );
    const count = async () => (await metrics.conflictsSampled.get()).values[0]?.value ?? 0;
    await store.write(rows, signal);
    await store.write(
      [...rows.slice(0, 2).map((row) => ({ ...row, measureValue: '2' })), rowOf()],
      signal,
    );
    await expect.poll(count).toBeGreaterThanOrEqual(2);
  });
});
