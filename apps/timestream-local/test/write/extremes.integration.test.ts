import { describe, expect, it } from 'vitest';
import { noonMs, point, startFixture } from '../fixture.ts';

type Extremes = Readonly<Record<string, readonly (readonly [written: string, shown: string])[]>>;

const extremes: Extremes = {
  DOUBLE: [
    ['0', '0.0'],
    ['5e-324', '4.9E-324'],
    ['-1.7976931348623157e308', '-1.7976931348623157E308'],
    ['2.2250738585072014E-308', '2.2250738585072014E-308'],
    ['0.1', '0.1'],
    ['9007199254740993', '9.007199254740992E15'],
    ['2E-323', '2.0E-323'],
    ['1e-400', '0.0'],
  ],
  BIGINT: [
    ['9223372036854775807', '9223372036854775807'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['9007199254740993', '9007199254740993'],
    ['0', '0'],
  ],
  VARCHAR: [
    ['x', 'x'],
    [' ', ' '],
    [`"'\\ \t\r\n;--`, `"'\\ \t\r\n;--`],
    ['💧 ä \u0000 \u2028 \ufffd', '💧 ä \u0000 \u2028 \ufffd'],
    ['a'.repeat(1900), 'a'.repeat(1900)],
    ['ä'.repeat(950), 'ä'.repeat(950)],
  ],
  BOOLEAN: [
    ['true', 'true'],
    ['false', 'false'],
  ],
};

const attributeExtremes: Extremes = {
  ...extremes,
  VARCHAR: extremes['VARCHAR']?.slice(0, 4) ?? [],
  TIMESTAMP: [
    ['0', '1970-01-01 00:00:00.000000000'],
    ['9223372036854775807', '2262-04-11 23:47:16.854775807'],
    ['1', '1970-01-01 00:00:00.000000001'],
  ],
};

describe('a value of a record', () => {
  it.each(Object.keys(extremes))('of type %s is returned as it was written', async (type) => {
    await using server = await startFixture();
    const pairs = extremes[type] ?? [];
    const written = await server.write(
      pairs.map(([value], at) =>
        point(value, { MeasureValueType: type as 'DOUBLE', Time: String(noonMs - at) }),
      ),
    );
    expect(written).toMatchObject({ status: 200 });
    const rows = await server.query(
      `SELECT measure_value::${type.toLowerCase()} FROM "dbx"."tab" ORDER BY time DESC`,
    );
    expect(rows).toEqual(pairs.map(([, shown]) => [shown]));
  });
});

describe('an attribute of a multi-measure record', () => {
  it.each(Object.keys(attributeExtremes))('of type %s is, too', async (type) => {
    await using server = await startFixture();
    const pairs = attributeExtremes[type] ?? [];
    const written = await server.write(
      pairs.map(([Value], at) => ({
        Dimensions: [{ Name: 'host', Value: 'a' }],
        MeasureName: 'multi',
        MeasureValueType: 'MULTI',
        MeasureValues: [{ Name: 'attribute', Value, Type: type }],
        Time: `${noonMs - at}000000`,
        TimeUnit: 'NANOSECONDS',
      })),
    );
    expect(written).toMatchObject({ status: 200 });
    const rows = await server.query('SELECT attribute FROM "dbx"."tab" ORDER BY time DESC');
    expect(rows).toEqual(pairs.map(([, shown]) => [shown]));
  });
});

describe('the time of a record', () => {
  it.each([
    ['1', '1970-01-01 00:00:00.000000001'],
    ['0', '1970-01-01 00:00:00.000000000'],
  ])('can be %s ns', async (Time, shown) => {
    await using server = await startFixture({ retentionClock: () => 0 });
    expect(await server.write([point('1', { Time, TimeUnit: 'NANOSECONDS' })])).toMatchObject({
      status: 200,
    });
    expect(await server.query('SELECT time FROM "dbx"."tab"')).toEqual([[shown]]);
  });

  it('can be the last nanosecond that 64 bits can represent', async () => {
    const lastNs = 2n ** 63n - 1n;
    await using server = await startFixture({
      retentionClock: () => Number(lastNs / 1_000_000n),
    });
    const Time = String(lastNs);
    expect(await server.write([point('1', { Time, TimeUnit: 'NANOSECONDS' })])).toMatchObject({
      status: 200,
    });
    expect(await server.query('SELECT time FROM "dbx"."tab"')).toEqual([
      ['2262-04-11 23:47:16.854775807'],
    ]);
  });
});

describe('names and dimensions', () => {
  it('keep every allowed character', async () => {
    await using server = await startFixture();
    const name = "a.b-c d/é{}[]'$💧";
    const value = '"quoted": 💧 \u2028 \t';
    await server.write([
      point('1', { MeasureName: 'm "é"', Dimensions: [{ Name: name, Value: value }] }),
    ]);
    expect(await server.query(`SELECT "${name}", measure_name FROM "dbx"."tab"`)).toEqual([
      [value, 'm "é"'],
    ]);
  });

  it.each([
    'time',
    'ts_x',
    'measure_name',
    'measure_value::double',
    'a:b',
    'a"b',
    'a\u0001b',
    'a\u2028b',
  ])('cannot be %j', async (Name) => {
    await using server = await startFixture();
    const written = await server.write([point('1', { Dimensions: [{ Name, Value: 'x' }] })]);
    expect(written).toMatchObject({ status: 400, name: 'ValidationException' });
  });
});
