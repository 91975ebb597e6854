import { describe, expect, it } from 'vitest';
import { noonMs, point, startFixture, type Fixture } from '../fixture.ts';

const multi = (
  attributes: readonly (readonly [name: string, value: string])[],
  more: object = {},
) =>
  point('', {
    MeasureName: 'multi',
    MeasureValue: undefined,
    MeasureValueType: 'MULTI',
    MeasureValues: attributes.map(([Name, Value]) => ({ Name, Value, Type: 'VARCHAR' })),
    ...more,
  });

const many = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, at) => [`${prefix}${at}`, 'x'] as const);

async function reasonOf(server: Fixture, record: object): Promise<string | undefined> {
  const { status, rejected } = await server.write([record, point('1', { MeasureName: 'other' })]);
  if (status === 200) return undefined;
  expect([status, rejected?.length, rejected?.[0]?.RecordIndex]).toEqual([419, 1, 0]);
  return rejected?.[0]?.Reason;
}

describe('one record', () => {
  it.each([
    // 8 for the time, `host` and `a`, the measure name, and the value.
    [
      'value',
      (extra: string) =>
        point('x'.repeat(2048 - 8 - 5 - 3) + extra, { MeasureValueType: 'VARCHAR' }),
    ],
    [
      'attributes',
      (extra: string) => multi([['text', 'ä'.repeat((2048 - 8 - 5 - 5 - 4) / 2) + extra]]),
    ],
  ])('has at most 2 KB, by its %s', async (_, record) => {
    await using server = await startFixture();
    expect(await reasonOf(server, record('x'))).toBe(
      'The record has 2049 bytes; at most 2048 are allowed.',
    );
    expect(await reasonOf(server, record(''))).toBeUndefined();
  });

  it('has at most 2 KB of dimensions', async () => {
    await using server = await startFixture();
    const Dimensions = [{ Name: 'host', Value: 'x'.repeat(2045) }];
    expect(await reasonOf(server, point('1', { Dimensions }))).toBe(
      'The dimension names and values of the record have 2049 bytes; at most 2048 are allowed.',
    );
  });

  it('has at most 256 attributes', async () => {
    await using server = await startFixture();
    expect(await reasonOf(server, multi(many(257, 'a')))).toBe(
      'The record has 257 measures; at most 256 are allowed in a multi-measure record.',
    );
    expect(await reasonOf(server, multi(many(256, 'a')))).toBeUndefined();
  });

  it.each([
    ['60 bytes', { Dimensions: [{ Name: 'ä'.repeat(31), Value: 'x' }] }],
    ['256 bytes', { MeasureName: 'ä'.repeat(129) }],
  ])('has names of at most %s', async (_, more) => {
    await using server = await startFixture();
    expect(await server.write([point('1', more)])).toMatchObject({
      status: 400,
      name: 'ValidationException',
    });
  });
});

describe('one table', () => {
  it('has at most 128 dimensions', async () => {
    await using server = await startFixture();
    const dimensions = (count: number, prefix: string) => ({
      Dimensions: many(count, prefix).map(([Name, Value]) => ({ Name, Value })),
    });
    await server.write([point('1', dimensions(127, 'd'))]);
    expect(await reasonOf(server, point('1', dimensions(2, 'e')))).toBe(
      'The table has reached the limit of 128 dimensions.',
    );
  });

  it('has at most 1024 attributes', async () => {
    await using server = await startFixture();
    const records = ['a', 'b', 'c', 'e'].map((prefix, at) =>
      multi(many(256, prefix), { Time: String(noonMs - at) }),
    );
    expect(await server.write(records)).toMatchObject({ status: 200 });
    expect(await reasonOf(server, multi([['one_more', 'x']]))).toBe(
      'The table has reached the limit of 1024 multi-measure attributes.',
    );
  });

  it('has at most 8192 measure names', async () => {
    await using server = await startFixture();
    const names = [...many(8191, 'm'), ['other', ''] as const];
    for (let from = 0; from < names.length; from += 100) {
      const records = names
        .slice(from, from + 100)
        .map(([MeasureName]) => point('1', { MeasureName }));
      await server.write(records);
    }
    expect(await reasonOf(server, point('1', { MeasureName: 'one_more' }))).toBe(
      'The table has reached the limit of 8192 unique measure names.',
    );
  });

  it('keeps the type of a measure name and of an attribute, and one meaning per name', async () => {
    await using server = await startFixture();
    await server.write([point('1'), multi([['text', 'x']])]);
    expect(await reasonOf(server, point('1', { MeasureValueType: 'BIGINT' }))).toBe(
      'The measure name cpu already has the measure value type DOUBLE; a record with the type BIGINT cannot be written.',
    );
    const MeasureValues = [{ Name: 'text', Value: '1', Type: 'BIGINT' }];
    expect(await reasonOf(server, multi([], { MeasureValues, Version: 2 }))).toBe(
      'The measure text already has the type VARCHAR; a value of type BIGINT cannot be written.',
    );
    expect(await reasonOf(server, multi([['host', 'x']], { Version: 2 }))).toBe(
      'The name host is already in use as a dimension of this table.',
    );
    const Dimensions = [{ Name: 'text', Value: 'x' }];
    expect(await reasonOf(server, point('1', { Dimensions }))).toBe(
      'The name text is already in use as a measure of this table.',
    );
  });
});
