import {
  UpdateTableCommand,
  WriteRecordsCommand,
  type _Record,
} from '@aws-sdk/client-timestream-write';
import { describe, expect, it } from 'vitest';
import { noonMs, point, startFixture, type Fixture } from '../fixture.ts';

const alreadyExists =
  'A record already exists with the same time, dimensions, measure name, and record version. A higher record version must be specified in order to update the measure value. Specifying record version is supported by the latest SDKs.';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** The values of all rows, by their times. */
function values(server: Fixture) {
  return server.query('SELECT measure_value::double FROM "dbx"."tab" ORDER BY time');
}

describe('1. an equal version', () => {
  it('with an equal value is a success that changes nothing', async () => {
    await using server = await startFixture();
    await server.write([point('1.5')]);
    expect(await server.write([point('1.50')])).toMatchObject({
      status: 200,
      ingested: { Total: 1, MemoryStore: 1, MagneticStore: 0 },
    });
    expect(await values(server)).toEqual([['1.5']]);
  });

  it('with another value is rejected, and the row stays', async () => {
    await using server = await startFixture();
    await server.write([point('1.5')]);
    expect(await server.write([point('2.5')])).toEqual({
      status: 419,
      name: 'RejectedRecordsException',
      message: 'One or more records have been rejected. See RejectedRecords for details.',
      rejected: [{ RecordIndex: 0, Reason: alreadyExists }],
    });
    expect(await values(server)).toEqual([['1.5']]);
  });

  it('is judged record by record: two repeats pass next to a changed one', async () => {
    await using server = await startFixture();
    const records = ['1', '2', '3'].map((value, at) => point(value, { Time: String(noonMs - at) }));
    await server.write(records);
    const changed = records.with(1, point('9', { Time: String(noonMs - 1) }));
    const { status, rejected } = await server.write(changed);
    expect([status, rejected?.map(({ RecordIndex }) => RecordIndex)]).toEqual([419, [1]]);
  });

  it('applies within one request, in its order', async () => {
    await using server = await startFixture();
    const written = await server.write([
      point('1', { Version: 2 }),
      point('2', { Version: 2 }),
      point('3', { Version: 3 }),
      point('4', { Version: 1 }),
    ]);
    expect(written.rejected).toEqual([
      { RecordIndex: 1, Reason: alreadyExists },
      {
        RecordIndex: 3,
        Reason:
          'The record version 1 is lower than the existing version 3. A higher version is required to update the measure value.',
        ExistingVersion: 3,
      },
    ]);
    expect(await values(server)).toEqual([['3.0']]);
  });
});

describe('2. partial success', () => {
  it('stores the others, and counts positions in the request as sent', async () => {
    await using server = await startFixture();
    const tooOld = String(noonMs - 7 * hourMs);
    const sent = ['1', '2', '3', '4'].map((value, at) =>
      point(value, { Time: at % 2 === 0 ? tooOld : String(noonMs - at) }),
    );
    const written = await server.write(sent);
    expect(written.status).toBe(419);
    expect(written).not.toHaveProperty('ingested');
    expect(written.rejected?.map(({ RecordIndex }) => RecordIndex)).toEqual([0, 2]);
    expect(await values(server)).toEqual([['4.0'], ['2.0']]);
  });
});

describe('3. reasons to reject the whole request', () => {
  const fine = point('1', { Time: String(noonMs - 1) });
  const cases: readonly (readonly [string, _Record | readonly _Record[], string | RegExp])[] = [
    ['no dimension', { Dimensions: [] }, 'At least one dimension is required for a record.'],
    ['version 0', { Version: 0 }, 'The record version must be 1 or greater.'],
    ['NaN', { MeasureValue: 'NaN' }, 'Invalid measure value for type DOUBLE: NaN'],
    ['infinity', { MeasureValue: '-Infinity' }, /^Invalid measure value for type DOUBLE/],
    ['beyond a double', { MeasureValue: '1e309' }, /^Invalid measure value for type DOUBLE/],
    ['-0.0', { MeasureValue: '-0.0' }, /^Invalid measure value for type DOUBLE: -0.0/],
    [
      'an empty measure value',
      { MeasureValue: '' },
      /^1 validation error detected: Value '' at 'records\.2\.member\.measureValue' failed to satisfy constraint: Member must have length greater than or equal to 1$/,
    ],
    ['a missing time', { Time: undefined }, 'Invalid time for record.'],
    ['a time with decimals', { Time: '1.5' }, 'Invalid time for record.'],
    ['a negative time', { Time: '-1' }, 'Invalid time for record.'],
    [
      'TIMESTAMP alone',
      { MeasureValueType: 'TIMESTAMP' },
      'TIMESTAMP is an invalid measure value type',
    ],
    [
      'another dimension type',
      { Dimensions: [{ Name: 'host', Value: 'a', DimensionValueType: 'X' as 'VARCHAR' }] },
      /at 'records\.2\.member\.dimensions\.1\.member\.dimensionValueType' failed to satisfy constraint: Member must satisfy enum value set: \[VARCHAR\]$/,
    ],
    [
      '101 records',
      Array.from({ length: 100 }, () => fine),
      /at 'records' failed to satisfy constraint: Member must have length less than or equal to 100$/,
    ],
  ];

  it.each(cases)('%s', async (_, wrong, message) => {
    await using server = await startFixture();
    const others = Array.isArray(wrong) ? wrong : [point('2', wrong as _Record)];
    const written = await server.write([fine, ...others]);
    expect(written).toMatchObject({ status: 400, name: 'ValidationException' });
    if (typeof message === 'string') expect(written.message).toBe(message);
    else expect(written.message).toMatch(message);
    expect(await server.query('SELECT count(*) FROM "dbx"."tab"')).toEqual([['0']]);
  });

  it('a dimension both in the common attributes and in a record', async () => {
    await using server = await startFixture();
    const common = { Dimensions: [{ Name: 'host', Value: 'b' }] };
    expect(await server.write([fine], common)).toMatchObject({
      status: 400,
      message:
        'The dimension name host is duplicated. Dimension names must be unique within a record.',
    });
    expect(await server.query('SELECT count(*) FROM "dbx"."tab"')).toEqual([['0']]);
  });
});

describe('4. the time window', () => {
  const units = [
    ['SECONDS', 1_000_000_000n],
    ['MILLISECONDS', 1_000_000n],
    [undefined, 1_000_000n],
    ['MICROSECONDS', 1000n],
    ['NANOSECONDS', 1n],
  ] as const;

  it.each(units)('is the same in %s', async (TimeUnit, unitNs) => {
    await using server = await startFixture();
    const at = (ms: number) => String((BigInt(ms) * 1_000_000n) / unitNs);
    const from = noonMs - 6 * hourMs - 25 * minuteMs;
    const to = noonMs + 15 * minuteMs;
    const stepMs = TimeUnit === 'SECONDS' ? 1000 : 1;
    const times = [from - stepMs, from, to - stepMs, to].map(at);
    const written = await server.write(times.map((Time) => point('1', { Time, TimeUnit })));
    const Reason = `The record timestamp is outside the time range [${new Date(from).toISOString()}, ${new Date(to).toISOString()}) of the memory store.`;
    expect(written.rejected).toEqual([
      { RecordIndex: 0, Reason },
      { RecordIndex: 3, Reason },
    ]);
    expect(await server.query('SELECT to_milliseconds(time) FROM "dbx"."tab" ORDER BY 1')).toEqual([
      [String(from)],
      [String(to - stepMs)],
    ]);
  });

  const magneticWrites = {
    RetentionProperties: {
      MemoryStoreRetentionPeriodInHours: 12,
      MagneticStoreRetentionPeriodInDays: 5,
    },
    MagneticStoreWriteProperties: { EnableMagneticStoreWrites: true },
  };

  it('is as wide as both retentions and 40 minutes with magnetic store writes', async () => {
    await using server = await startFixture({}, magneticWrites);
    const from = noonMs - (5 * 24 + 12) * hourMs - 25 * minuteMs;
    expect(await server.write([point('1', { Time: String(from) })])).toMatchObject({
      status: 200,
      ingested: { Total: 1, MemoryStore: 0, MagneticStore: 1 },
    });
    const { rejected } = await server.write([point('1', { Time: String(from - 1) })]);
    const to = from + (5 * 24 + 12) * hourMs + 40 * minuteMs;
    expect(rejected?.[0]?.Reason).toBe(
      `The record timestamp is outside the time range [${new Date(from).toISOString()}, ${new Date(to).toISOString()}) of the data ingestion window.`,
    );
  });

  it('has a memory part, and the answer contains only its version conflicts', async () => {
    await using server = await startFixture({}, magneticWrites);
    const old = { Time: String(noonMs - 24 * hourMs), Version: 5 };
    const young = { Time: String(noonMs), Version: 5 };
    expect(await server.write([point('1', old), point('1', young)])).toMatchObject({
      ingested: { Total: 2, MemoryStore: 1, MagneticStore: 1 },
    });
    expect(await server.write([point('2', old), point('2', { ...old, Version: 4 })])).toMatchObject(
      {
        status: 200,
      },
    );
    expect(await server.write([point('2', young)])).toMatchObject({ status: 419 });
    expect(await values(server)).toEqual([['1.0'], ['1.0']]);
    expect(await server.write([point('3', { ...old, Version: 6 })])).toMatchObject({ status: 200 });
    expect(await values(server)).toEqual([['3.0'], ['1.0']]);
  });

  it('does not open immediately when the memory retention is raised', async () => {
    let nowMs = noonMs;
    await using server = await startFixture({ retentionClock: () => nowMs });
    const RetentionProperties = {
      MemoryStoreRetentionPeriodInHours: 24,
      MagneticStoreRetentionPeriodInDays: 7,
    };
    const table = { DatabaseName: 'dbx', TableName: 'tab' };
    await server.clients.write.send(new UpdateTableCommand({ ...table, RetentionProperties }));
    const eightHoursOld = () => [point('1', { Time: String(nowMs - 8 * hourMs) })];
    expect(await server.write(eightHoursOld())).toMatchObject({ status: 419 });
    nowMs += 3 * hourMs;
    expect(await server.write(eightHoursOld())).toMatchObject({ status: 200 });
  });

  it('moves with the retention clock', async () => {
    let nowMs = noonMs;
    await using server = await startFixture({ retentionClock: () => nowMs });
    nowMs += 7 * hourMs;
    expect(await server.write([point('1')])).toMatchObject({ status: 419 });
  });
});

describe('5. identity', () => {
  const zoned = [
    { Name: 'host', Value: 'a' },
    { Name: 'zone', Value: 'z' },
  ];

  it.each([
    ['another order of dimensions', { Dimensions: zoned }, { Dimensions: zoned.toReversed() }],
    [
      'another unit of the same time',
      { Time: String(noonMs / 1000), TimeUnit: 'SECONDS' as const },
      { Time: String(noonMs) },
    ],
    [
      'a value of another type',
      { MeasureValueType: 'DOUBLE' as const },
      { MeasureValueType: 'BIGINT' as const },
    ],
  ])('is the same with %s', async (_, one: _Record, other: _Record) => {
    await using server = await startFixture();
    await server.write([point('1', one)]);
    expect(await server.write([point('2', other)])).toMatchObject({ status: 419 });
    expect(await values(server)).toEqual([['1.0']]);
  });

  it.each([
    ['measure name', { MeasureName: 'other' }],
    ['time, by a nanosecond', { Time: `${noonMs}000001`, TimeUnit: 'NANOSECONDS' as const }],
    ['value of a dimension', { Dimensions: [{ Name: 'host', Value: 'A' }] }],
    ['set of dimensions', { Dimensions: zoned }],
    ['name of a dimension, by its case', { Dimensions: [{ Name: 'Host', Value: 'a' }] }],
  ])('differs with another %s', async (_, other: _Record) => {
    await using server = await startFixture();
    await server.write([point('1')]);
    expect(await server.write([point('2', other)])).toMatchObject({ status: 200 });
    expect(await server.query('SELECT count(*) FROM "dbx"."tab"')).toEqual([['2']]);
  });

  it('of a multi-measure record does not depend on its attributes', async () => {
    await using server = await startFixture();
    const multi = (Name: string, Version: number) =>
      point('', {
        MeasureValue: undefined,
        MeasureValueType: 'MULTI',
        MeasureValues: [{ Name, Value: '1', Type: 'BIGINT' }],
        Version,
      });
    await server.write([multi('x', 1)]);
    expect(await server.write([multi('y', 1)])).toMatchObject({ status: 419 });
    expect(await server.write([multi('y', 2)])).toMatchObject({ status: 200 });
    // A higher version replaces all attributes: one of the documented choices.
    expect(await server.query('SELECT x, y FROM "dbx"."tab"')).toEqual([[null, '1']]);
  });
});

describe('6. version numbers', () => {
  const versions = [2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 2n, 2n ** 63n - 1n];

  it('are distinguished beyond the range of a JavaScript number', async () => {
    await using server = await startFixture();
    for (const [at, version] of versions.entries()) {
      // The SDK's type is a number, but at run time, it sends a bigint in full.
      const Version = version as unknown as number;
      expect(await server.write([point(String(at), { Version })])).toMatchObject({ status: 200 });
      expect(await server.write([point('-1', { Version })])).toMatchObject({ status: 419 });
    }
    expect(await values(server)).toEqual([['4.0']]);
  });

  it('are returned in full', async () => {
    await using server = await startFixture();
    const Version = (2n ** 53n + 1n) as unknown as number;
    await server.write([point('1', { Version })]);
    const answer = await fetch(server.endpoint, {
      method: 'POST',
      headers: { 'X-Amz-Target': 'Timestream_20181101.WriteRecords' },
      body: JSON.stringify({ DatabaseName: 'dbx', TableName: 'tab', Records: [point('2')] }),
    });
    expect(answer.status).toBe(419);
    const text = await answer.text();
    expect(text).toContain(
      '"__type":"com.amazonaws.timestream.v20181101#RejectedRecordsException"',
    );
    expect(text).toContain('"ExistingVersion":9007199254740993');
    expect(text).toContain('is lower than the existing version 9007199254740993.');
  });

  it.each(['1.5', '9223372036854775808', '"1"'])('cannot be %s', async (version) => {
    await using server = await startFixture();
    const record = JSON.stringify(point('1')).replace('{', `{"Version":${version},`);
    const answer = await fetch(server.endpoint, {
      method: 'POST',
      headers: { 'X-Amz-Target': 'Timestream_20181101.WriteRecords' },
      body: `{"DatabaseName":"dbx","TableName":"tab","Records":[${record}]}`,
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      __type: 'com.amazon.coral.service#SerializationException',
    });
  });
});

describe('8. a retry', () => {
  it('after a lost answer is a success, and counts its records once', async () => {
    await using server = await startFixture();
    const { write } = server.clients;
    write.middlewareStack.add(
      (next) => async (args) => {
        // The first answer never arrives.
        await next(args);
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    const Records = [point('1', { Version: 7 }), point('2', { Time: String(noonMs - 1) })];
    const table = { DatabaseName: 'dbx', TableName: 'tab' };
    const answer = await write.send(new WriteRecordsCommand({ ...table, Records }));
    expect(answer.RecordsIngested).toMatchObject({ Total: 2 });
    expect(await values(server)).toEqual([['2.0'], ['1.0']]);
  });

  it('of a missing table is rejected with 404', async () => {
    await using server = await startFixture();
    const table = { DatabaseName: 'dbx', TableName: 'other' };
    await expect(
      server.clients.write.send(new WriteRecordsCommand({ ...table, Records: [point('1')] })),
    ).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The table other does not exist.',
      $metadata: { httpStatusCode: 404 },
    });
  });
});
