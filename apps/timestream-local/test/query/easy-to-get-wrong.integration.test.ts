import type { ColumnInfo, Datum } from '@aws-sdk/client-timestream-query';
import { DescribeEndpointsCommand, PrepareQueryCommand } from '@aws-sdk/client-timestream-query';
import { beforeAll, describe, expect, it } from 'vitest';
import { noonMs, point, startFixture, type Fixture } from '../fixture.ts';

let server: Fixture;

/** Single and multi-measure records in one table, and dimensions that differ only in case. */
beforeAll(async () => {
  server = await startFixture();
  const dimensions = (names: Readonly<Record<string, string>>) => ({
    Dimensions: Object.entries(names).map(([Name, Value]) => ({ Name, Value })),
  });
  await server.write([
    point('1.5', dimensions({ host: 'a', Host: 'A' })),
    point('7', { ...dimensions({ host: 'b' }), MeasureName: 'hits', MeasureValueType: 'BIGINT' }),
    {
      ...dimensions({ host: 'c' }),
      MeasureName: 'both',
      MeasureValueType: 'MULTI',
      Time: String(BigInt(noonMs) * 1_000_000n + 1n),
      TimeUnit: 'NANOSECONDS',
      MeasureValues: [
        { Name: 'load', Type: 'DOUBLE', Value: '0.25' },
        { Name: 'up', Type: 'BOOLEAN', Value: 'true' },
        { Name: 'since', Type: 'TIMESTAMP', Value: '1' },
      ],
    },
  ]);
  return () => server[Symbol.asyncDispose]();
});

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : 'no error'),
  );

/** The first row in the raw response. */
async function firstRow(sql: string): Promise<readonly Datum[]> {
  return (await server.ask(sql)).Rows?.[0]?.Data ?? [];
}

async function columnsOf(sql: string): Promise<readonly ColumnInfo[]> {
  return (await server.ask(sql)).ColumnInfo ?? [];
}

const scalar = (type: string) => ({ ScalarType: type });

// Details of the Query API that are easy to get wrong, each with a name.
describe('9. encoding of answers', () => {
  it('answers SELECT 1 with the text 1, an INTEGER without a name', async () => {
    expect(await server.ask('SELECT 1')).toMatchObject({
      Rows: [{ Data: [{ ScalarValue: '1' }] }],
      ColumnInfo: [{ Name: '_col0', Type: scalar('INTEGER') }],
    });
  });

  it('writes every scalar as a text', async () => {
    const cases: readonly (readonly [sql: string, type: string, text: string])[] = [
      ['1', 'INTEGER', '1'],
      ['2147483648', 'BIGINT', '2147483648'],
      ['cast(1 AS bigint)', 'BIGINT', '1'],
      ['true', 'BOOLEAN', 'true'],
      ['0.25', 'DOUBLE', '0.25'],
      ['1655487883.771', 'DOUBLE', '1.655487883771E9'],
      ['0.0001', 'DOUBLE', '1.0E-4'],
      ['nan()', 'DOUBLE', 'NaN'],
      ['-infinity()', 'DOUBLE', '-Infinity'],
      [`'a''b'`, 'VARCHAR', "a'b"],
      [`date '2020-08-08'`, 'DATE', '2020-08-08'],
      [`time '01:00:00'`, 'TIME', '01:00:00.000000000'],
      [`timestamp '2020-08-08 01:00:00.1'`, 'TIMESTAMP', '2020-08-08 01:00:00.100000000'],
      [`interval '1 21' day to hour`, 'INTERVAL_DAY_TO_SECOND', '1 21:00:00.000000000'],
      [`interval '2-7' year to month`, 'INTERVAL_YEAR_TO_MONTH', '2-7'],
    ];
    const { ColumnInfo = [], Rows } = await server.ask(
      `SELECT ${cases.map(([sql]) => sql).join(', ')}`,
    );
    const data = Rows?.[0]?.Data ?? [];
    expect(cases.map(([sql], at) => [sql, ColumnInfo[at]?.Type?.ScalarType, data[at]])).toEqual(
      cases.map(([sql, type, text]) => [sql, type, { ScalarValue: text }]),
    );
  });

  it('writes NULL as a separate kind of value, in every type', async () => {
    const sql = `SELECT NULL, cast(NULL AS double), cast(NULL AS array(bigint)), cast(NULL AS row(a bigint)), cast(NULL AS timeseries(double))`;
    const absent = { NullValue: true };
    expect(await firstRow(sql)).toEqual([absent, absent, absent, absent, absent]);
    expect((await columnsOf(sql))[0]?.Type).toEqual(scalar('UNKNOWN'));
  });

  it('nests arrays, rows and timeseries', async () => {
    const sql = `SELECT ARRAY[ARRAY[1, NULL]] AS a, CAST(ROW(1, 'x') AS ROW(n BIGINT, t VARCHAR)) AS r,
      create_time_series(time, load) AS s FROM "dbx"."tab" WHERE load IS NOT NULL`;
    expect(await columnsOf(sql)).toEqual([
      {
        Name: 'a',
        Type: { ArrayColumnInfo: { Type: { ArrayColumnInfo: { Type: scalar('INTEGER') } } } },
      },
      {
        Name: 'r',
        Type: {
          RowColumnInfo: [
            { Name: 'n', Type: scalar('BIGINT') },
            { Name: 't', Type: scalar('VARCHAR') },
          ],
        },
      },
      { Name: 's', Type: { TimeSeriesMeasureValueColumnInfo: { Type: scalar('DOUBLE') } } },
    ]);
    expect(await firstRow(sql)).toEqual([
      { ArrayValue: [{ ArrayValue: [{ ScalarValue: '1' }, { NullValue: true }] }] },
      { RowValue: { Data: [{ ScalarValue: '1' }, { ScalarValue: 'x' }] } },
      {
        TimeSeriesValue: [
          { Time: '2024-03-10 12:00:00.000000001', Value: { ScalarValue: '0.25' } },
        ],
      },
    ]);
  });

  it('names unnamed columns by their position, from 0', async () => {
    const names = (await columnsOf(`SELECT 1, 2 AS two, 1 + 1, host FROM "dbx"."tab"`)).map(
      ({ Name }) => Name,
    );
    expect(names).toEqual(['_col0', 'two', '_col2', 'host']);
  });

  it('returns the columns of a star in order, and NULL if a record has none', async () => {
    const sql = `SELECT * FROM "dbx"."tab" WHERE host = 'b'`;
    expect((await columnsOf(sql)).map(({ Name, Type }) => [Name, Type?.ScalarType])).toEqual([
      ['Host', 'VARCHAR'],
      ['host', 'VARCHAR'],
      ['measure_name', 'VARCHAR'],
      ['time', 'TIMESTAMP'],
      ['measure_value::double', 'DOUBLE'],
      ['measure_value::bigint', 'BIGINT'],
      ['load', 'DOUBLE'],
      ['up', 'BOOLEAN'],
      ['since', 'TIMESTAMP'],
    ]);
    expect(await server.query(sql)).toEqual([
      [null, 'b', 'hits', '2024-03-10 12:00:00.000000000', null, '7', null, null, null],
    ]);
  });

  it('shows measures as arrays of rows, with their dimensions', async () => {
    const sql = 'SHOW MEASURES FROM "dbx"."tab"';
    expect((await columnsOf(sql))[2]).toEqual({
      Name: 'dimensions',
      Type: {
        ArrayColumnInfo: {
          Type: {
            RowColumnInfo: [
              { Name: 'dimension_name', Type: scalar('VARCHAR') },
              { Name: 'data_type', Type: scalar('VARCHAR') },
            ],
          },
        },
      },
    });
    expect(await server.query(sql)).toEqual([
      ['both', 'multi', [['host', 'varchar']]],
      [
        'cpu',
        'double',
        [
          ['Host', 'varchar'],
          ['host', 'varchar'],
        ],
      ],
      ['hits', 'bigint', [['host', 'varchar']]],
    ]);
    expect(await server.query(`${sql} LIKE 'c%'`)).toHaveLength(1);
  });

  it('lists databases and tables, and describes columns', async () => {
    expect(await server.query('SHOW DATABASES')).toEqual([['dbx']]);
    expect(await server.query(`SHOW DATABASES LIKE 'no%'`)).toEqual([]);
    expect(await server.query('SHOW TABLES FROM "dbx"')).toEqual([['tab']]);
    expect((await columnsOf('DESCRIBE "dbx"."tab"')).map(({ Name }) => Name)).toEqual([
      'Column',
      'Type',
      'Timestream attribute type',
    ]);
    expect(await server.query('DESCRIBE dbx.tab')).toEqual([
      ['Host', 'varchar', 'DIMENSION'],
      ['host', 'varchar', 'DIMENSION'],
      ['measure_name', 'varchar', 'MEASURE_NAME'],
      ['time', 'timestamp', 'TIMESTAMP'],
      ['measure_value::double', 'double', 'MEASURE_VALUE'],
      ['measure_value::bigint', 'bigint', 'MEASURE_VALUE'],
      ['load', 'double', 'MULTI'],
      ['up', 'boolean', 'MULTI'],
      ['since', 'timestamp', 'MULTI'],
    ]);
  });

  it('meters at least 10 MB, and nothing for SHOW', async () => {
    expect((await server.ask('SELECT 1')).QueryStatus).toMatchObject({
      ProgressPercentage: 100,
      CumulativeBytesMetered: 10_000_000,
    });
    expect((await server.ask('SHOW DATABASES')).QueryStatus).toEqual({
      ProgressPercentage: 100,
      CumulativeBytesScanned: 0,
      CumulativeBytesMetered: 0,
    });
  });

  it('answers at the endpoint, and returns errors with a namespace', async () => {
    const { Endpoints } = await server.clients.query.send(new DescribeEndpointsCommand({}));
    expect(Endpoints).toMatchObject([{ CachePeriodInMinutes: 1440 }]);
    const response = await fetch(server.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'Timestream_20181101.Query',
      },
      body: JSON.stringify({ QueryString: 'SELECT nothing' }),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      __type: 'com.amazonaws.timestream.v20181101#ValidationException',
      message: `line 1:8: Column 'nothing' does not exist`,
    });
  });
});

describe('10. traps of the dialect', () => {
  it('reads measure_value::double as a name, qualified or not', async () => {
    expect(
      await server.query(
        `SELECT measure_value::double, t.measure_value::double, "measure_value::double" FROM "dbx"."tab" t WHERE host = 'a'`,
      ),
    ).toEqual([['1.5', '1.5', '1.5']]);
    expect(await failure(server.query(`SELECT host::double FROM "dbx"."tab"`))).toBe(
      'ValidationException: The query syntax is invalid at line 1:12',
    );
  });

  it('reads 5m as an interval, never with an alias', async () => {
    expect(await columnsOf('SELECT 5m, 60000ms')).toEqual([
      { Name: '_col0', Type: scalar('INTERVAL_DAY_TO_SECOND') },
      { Name: '_col1', Type: scalar('INTERVAL_DAY_TO_SECOND') },
    ]);
    expect(await server.query('SELECT 5m, 60000ms, 12month')).toEqual([
      ['0 00:05:00.000000000', '0 00:01:00.000000000', '1-0'],
    ]);
    expect(await failure(server.query('SELECT 5x'))).toBe(
      'ValidationException: The query syntax is invalid at line 1:8',
    );
  });

  it('counts bins from the epoch', async () => {
    expect(await server.query(`SELECT bin('2022-06-17 10:15:20', 30day)`)).toEqual([
      ['2022-05-28 00:00:00.000000000'],
    ]);
  });

  it('keeps nanoseconds through arithmetic, comparison and grouping', async () => {
    const sql = (condition: string) =>
      `SELECT time + 1h - 1h, since FROM "dbx"."tab" WHERE ${condition} GROUP BY time, since`;
    const row = ['2024-03-10 12:00:00.000000001', '1970-01-01 00:00:00.000000001'];
    expect(await server.query(sql(`time = '2024-03-10 12:00:00.000000001'`))).toEqual([row]);
    expect(await server.query(sql(`time > timestamp '2024-03-10 12:00:00'`))).toEqual([row]);
  });

  it('tells names apart that differ in case only', async () => {
    expect(await server.query(`SELECT host, Host FROM "dbx"."tab" WHERE Host = 'A'`)).toEqual([
      ['a', 'A'],
    ]);
    expect(await failure(server.query('SELECT HOST FROM "dbx"."tab"'))).toBe(
      `ValidationException: line 1:8: Column 'HOST' is ambiguous`,
    );
  });

  it('divides integers as integers', async () => {
    expect(await server.query('SELECT 1 / 2, 1 / 2.0')).toEqual([['0', '0.5']]);
  });

  it('finds a NULL in measure columns of other types', async () => {
    expect(
      await server.query(
        `SELECT count(*), count(measure_value::double), count(measure_value::bigint), avg(measure_value::double) FROM "dbx"."tab"`,
      ),
    ).toEqual([['3', '1', '1', '1.5']]);
  });

  it('unnests next to the columns of its row', async () => {
    expect(
      await server.query(
        `SELECT host, n, o FROM "dbx"."tab" CROSS JOIN UNNEST(ARRAY[1, 2]) WITH ORDINALITY AS u (n, o) WHERE host = 'a' ORDER BY n`,
      ),
    ).toEqual([
      ['a', '1', '1'],
      ['a', '2', '2'],
    ]);
  });
});

describe('PrepareQuery', () => {
  const prepare = (QueryString: string, ValidateOnly?: boolean) =>
    server.clients.query.send(new PrepareQueryCommand({ QueryString, ValidateOnly }));

  it('names parameters once, and columns with their origin', async () => {
    const sql = `SELECT host AS h, Host, measure_value::double * @factor FROM "dbx"."tab" WHERE host = @host OR host LIKE @host`;
    expect(await prepare(sql, true)).toMatchObject({
      QueryString: sql,
      Parameters: [
        { Name: 'factor', Type: scalar('UNKNOWN') },
        { Name: 'host', Type: scalar('UNKNOWN') },
      ],
      Columns: [
        {
          Name: 'h',
          Type: scalar('VARCHAR'),
          DatabaseName: 'dbx',
          TableName: 'tab',
          Aliased: true,
        },
        { Name: 'Host', DatabaseName: 'dbx', TableName: 'tab', Aliased: false },
        { Name: '_col2', Type: scalar('DOUBLE'), Aliased: false },
      ],
    });
  });

  it('accepts the query of a schedule', async () => {
    const sql = `SELECT bin(time, 5m) AS time, count(*) AS x FROM "dbx"."tab" WHERE time BETWEEN bin(@scheduled_runtime, 5m) - 1h AND @scheduled_runtime GROUP BY bin(time, 5m)`;
    expect(await prepare(sql, true)).toMatchObject({
      Columns: [
        { Name: 'time', Type: scalar('TIMESTAMP') },
        { Name: 'x', Type: scalar('BIGINT') },
      ],
      Parameters: [{ Name: 'scheduled_runtime' }],
    });
  });

  it('stores nothing, and says so when asked to', async () => {
    const refusal = 'ValidationException: PrepareQuery stores no query: set ValidateOnly to true.';
    expect(await failure(prepare('SELECT 1'))).toBe(refusal);
    expect(await failure(prepare('SELECT 1', false))).toBe(refusal);
  });

  it('finds mistakes', async () => {
    const mistake = /^ValidationException: line 1:8: Column 'nothing' does not exist/;
    expect(await failure(prepare('SELECT nothing', true))).toMatch(mistake);
    expect(await failure(prepare('SHOW DATABASES', true))).toMatch(/Only SELECT statements/);
  });

  it('is the only call that accepts parameters', async () => {
    expect(await failure(server.query('SELECT @a'))).toMatch(
      /^ValidationException: line 1:8: Parameter @a has no value/,
    );
  });
});
