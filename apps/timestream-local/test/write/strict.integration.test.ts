import type { _Record } from '@aws-sdk/client-timestream-write';
import { describe, expect, it } from 'vitest';
import { noonMs, point, startFixture } from '../fixture.ts';

interface Doubt {
  readonly what: string;
  readonly before?: readonly object[];
  readonly records: readonly object[];
  readonly common?: _Record;
  /** Tables of the strict server. */
  readonly refusal: RegExp;
  /** The rows that the other server stores. */
  readonly shows: readonly [sql: string, rows: readonly (readonly unknown[])[]];
}

const multi = (Version: number, ...names: readonly string[]) =>
  point('', {
    MeasureValue: undefined,
    MeasureValueType: 'MULTI',
    MeasureValues: names.map((Name) => ({ Name, Value: '1', Type: 'BIGINT' })),
    Version,
  });

const value = 'SELECT measure_value::double FROM "dbx"."tab"';

const doubts: readonly Doubt[] = [
  {
    what: 'a scalar in both places: the own one wins',
    records: [point('1', { MeasureName: 'own' })],
    common: { MeasureName: 'common' },
    refusal: /^MeasureName is given both in the common attributes and in a record\.$/,
    shows: ['SELECT measure_name FROM "dbx"."tab"', [['own']]],
  },
  {
    what: 'attributes in both places: they are joined',
    records: [multi(1, 'x')],
    common: { MeasureValues: [{ Name: 'y', Value: '2', Type: 'BIGINT' }] },
    refusal: /^MeasureValues is given both in the common attributes and in a record\.$/,
    shows: ['SELECT x, y FROM "dbx"."tab"', [['1', '2']]],
  },
  {
    what: 'one identity twice in a request: in order',
    records: [point('1'), point('2', { Version: 2 })],
    refusal: /^The request has two records with the same time, dimensions and measure name\.$/,
    shows: [value, [['2.0']]],
  },
  {
    what: 'a spelling of a boolean: any case',
    records: [point('TRUE', { MeasureValueType: 'BOOLEAN' })],
    refusal: /^Invalid measure value for type BOOLEAN: TRUE$/,
    shows: ['SELECT measure_value::boolean FROM "dbx"."tab"', [['true']]],
  },
  {
    what: 'an empty value of a dimension: stored',
    records: [point('1', { Dimensions: [{ Name: 'host', Value: '' }] })],
    refusal: /^The dimension host has an empty value\.$/,
    shows: ['SELECT host FROM "dbx"."tab"', [['']]],
  },
  {
    what: 'the slack behind the retention: 25 minutes',
    records: [point('1', { Time: String(noonMs - 6 * 3_600_000 - 1) })],
    refusal: /is outside the time range \[2024-03-10T06:00:00\.000Z, 2024-03-10T12:15:00\.000Z\)/,
    shows: [value, [['1.0']]],
  },
  {
    what: 'other attributes with a higher version: they replace the old ones',
    before: [multi(1, 'x')],
    records: [multi(2, 'y')],
    refusal: /^The record has other attributes than the existing one of a lower version\.$/,
    shows: ['SELECT x, y FROM "dbx"."tab"', [[null, '1']]],
  },
];

describe('a case that the documentation leaves open', () => {
  it.each(doubts)('$what', async ({ before, records, common, shows: [sql, rows] }) => {
    await using server = await startFixture();
    if (before) await server.write(before);
    expect(await server.write(records, common)).toMatchObject({ status: 200 });
    expect(await server.query(sql)).toEqual(rows);
  });

  it.each(doubts)('is rejected by a strict server: $what', async (doubt) => {
    await using server = await startFixture({ strict: true });
    if (doubt.before) await server.write(doubt.before);
    const { status, message, rejected } = await server.write(doubt.records, doubt.common);
    expect(status).not.toBe(200);
    expect(rejected?.[0]?.Reason ?? message).toMatch(doubt.refusal);
  });

  it('does not occur if a writer follows the documentation: strict accepts it', async () => {
    await using server = await startFixture({ strict: true });
    const records = [point('1'), point('2', { Time: String(noonMs - 1) })];
    expect(await server.write(records)).toMatchObject({ status: 200 });
    expect(await server.write(records)).toMatchObject({ status: 200 });
    expect(await server.write([point('3', { Version: 2 })])).toMatchObject({ status: 200 });
  });
});
