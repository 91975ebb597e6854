import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecord, seriesKey, type Decoded } from '../src/index.ts';
import type { DecodeReason } from '../src/decode-record.ts';
import { seedShaped } from './seed-shaped.ts';

const encoder = new TextEncoder();

function decode(value: unknown): readonly Decoded[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return [...decodeRecord(encoder.encode(text))];
}

function reasonOf(value: unknown): DecodeReason | undefined {
  const [decoded] = decode(value);
  return decoded?.ok === false ? decoded.reason : undefined;
}

describe('a record as the seed writes it', () => {
  it('is one point, with its time exact and in milliseconds', () => {
    expect(decode(seedShaped)).toEqual([
      {
        ok: true,
        index: 0,
        point: {
          series: {
            measureName: 'cpu_user',
            measureValueType: 'DOUBLE',
            dimensions: [
              { name: 'instance_name', value: 'i-zaZswmJk-apollo-0000.amazonaws.com' },
              { name: 'region', value: 'us_east_1' },
            ],
          },
          value: '35.2',
          time: '1700000000',
          timeUnit: 'SECONDS',
          timeMs: 1_700_000_000_000,
        },
      },
    ]);
  });

  it('may write the known names in any case, and values as numbers or booleans', () => {
    const [decoded] = decode({ measurename: 'm', MEASUREVALUE: 1.5, time: 5, hot: true, rack: 7 });
    expect(decoded).toMatchObject({
      ok: true,
      point: {
        series: {
          measureValueType: 'DOUBLE',
          dimensions: [
            { name: 'hot', value: 'true' },
            { name: 'rack', value: '7' },
          ],
        },
        value: '1.5',
        timeUnit: 'MILLISECONDS',
        timeMs: 5,
      },
    });
  });

  it('may contain an array, or lines, and a bad element does not affect its neighbors', () => {
    const bad = { ...seedShaped, Time: 'yesterday' };
    for (const record of [
      [seedShaped, bad, seedShaped],
      [seedShaped, bad, seedShaped].map((each) => JSON.stringify(each)).join('\n'),
    ]) {
      const decoded = decode(record);
      expect(decoded.map(({ ok }) => ok)).toEqual([true, false, true]);
      expect(decoded.map(({ index }) => index)).toEqual([0, 1, 2]);
      expect(decoded[1]).toMatchObject({ reason: 'time_invalid' });
    }
  });
});

describe('a record that cannot be used', () => {
  const without = (name: string) => ({ ...seedShaped, [name]: undefined });
  const withDimensions = (count: number) => ({
    ...seedShaped,
    ...Object.fromEntries(Array.from({ length: count }, (_, i) => [`d${i}`, 'x'])),
  });

  it.each<[string, unknown, DecodeReason]>([
    ['is not JSON', '{"MeasureName":', 'not_json'],
    ['is empty', '', 'empty'],
    ['is an empty array', [], 'empty'],
    ['is a number', 7, 'not_an_object'],
    ['has no measure name', without('MeasureName'), 'measure_name_missing'],
    [
      'has a long measure name',
      { ...seedShaped, MeasureName: 'x'.repeat(257) },
      'measure_name_invalid',
    ],
    ['has no value', without('MeasureValue'), 'measure_value_missing'],
    ['has no time', without('Time'), 'time_missing'],
    ['has a time that is text', { ...seedShaped, Time: 'now' }, 'time_invalid'],
    ['has a fraction for a time', { ...seedShaped, Time: 1.5 }, 'time_invalid'],
    ['has a time out of range', { ...seedShaped, Time: '99999999999999999999' }, 'time_invalid'],
    ['has an unknown type', { ...seedShaped, MeasureValueType: 'FLOAT' }, 'measure_type_unknown'],
    ['has an unknown unit', { ...seedShaped, TimeUnit: 'MINUTES' }, 'time_unit_unknown'],
    ['measures NaN', { ...seedShaped, MeasureValue: 'NaN' }, 'measure_value_invalid'],
    ['measures infinity', { ...seedShaped, MeasureValue: '1e999' }, 'measure_value_invalid'],
    ['measures nothing', { ...seedShaped, MeasureValue: '' }, 'measure_value_invalid'],
    ['measures hexadecimal', { ...seedShaped, MeasureValue: '0x10' }, 'measure_value_invalid'],
    [
      'measures a long text',
      { ...seedShaped, MeasureValueType: 'VARCHAR', MeasureValue: 'x'.repeat(2049) },
      'measure_value_invalid',
    ],
    [
      'measures 60 kB',
      { ...seedShaped, MeasureValue: '1'.repeat(60_000) },
      'measure_value_invalid',
    ],
    ['measures 1 MB', { ...seedShaped, MeasureValue: '1'.repeat(1_000_000) }, 'too_large'],
    [
      'counts a fraction',
      { ...seedShaped, MeasureValueType: 'BIGINT', MeasureValue: '1.5' },
      'measure_value_invalid',
    ],
    [
      'counts beyond 64 bits',
      { ...seedShaped, MeasureValueType: 'BIGINT', MeasureValue: '9223372036854775808' },
      'measure_value_invalid',
    ],
    [
      'says maybe',
      { ...seedShaped, MeasureValueType: 'BOOLEAN', MeasureValue: 'maybe' },
      'measure_value_invalid',
    ],
    ['has no dimension', { MeasureName: 'm', MeasureValue: 1, Time: 1 }, 'dimensions_missing'],
    ['has 127 dimensions', withDimensions(125), 'dimensions_too_many'],
    ['has an object for a dimension', { ...seedShaped, tags: {} }, 'dimension_invalid'],
    ['has a long dimension name', { ...seedShaped, ['n'.repeat(61)]: 'x' }, 'dimension_invalid'],
    ['has a NUL in a dimension', { ...seedShaped, region: 'a\0b' }, 'dimension_invalid'],
  ])('%s: is rejected with its reason', (_, record, reason) => {
    expect(reasonOf(record)).toBe(reason);
  });

  it('is rejected as not UTF-8', () => {
    const data = Uint8Array.of(0x7b, 0xff, 0x7d);
    expect([...decodeRecord(data)]).toMatchObject([{ ok: false, index: 0, reason: 'not_utf8' }]);
  });

  it('never throws, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.json(), (bytes, json) => {
        expect([...decodeRecord(bytes)].length).toBeGreaterThan(0);
        expect(decode(json).length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('values are stored in one form', () => {
  it.each([
    ['DOUBLE', '-0', '0'],
    ['DOUBLE', '-0.0', '0'],
    ['DOUBLE', '1e3', '1e3'],
    ['BIGINT', '007', '7'],
    ['BOOLEAN', 'TRUE', 'true'],
  ])('%s %s becomes %s', (type, given, stored) => {
    const [decoded] = decode({ ...seedShaped, MeasureValueType: type, MeasureValue: given });
    expect(decoded).toMatchObject({ ok: true, point: { value: stored } });
  });
});

describe('a series', () => {
  // Goal: equal keys exactly for equal series. Method: build two records from the same small pool
  // of names and values, so that near misses are common, and compare keys with deep equality.
  it('has equal keys exactly for equal measure, type, and dimensions in any order', () => {
    const anyText = fc.constantFrom('a', 'b', 'ab', '', 'a b', '"', '\\', 'é');
    const anyDimensions = fc.dictionary(fc.constantFrom('p', 'q', 'pq'), anyText, { minKeys: 1 });
    const anySeries = fc.record({
      name: fc.constantFrom('m', 'mp'),
      type: fc.constantFrom('DOUBLE', 'BIGINT'),
      dimensions: anyDimensions,
    });
    const keyed = (series: { name: string; type: string; dimensions: Record<string, string> }) => {
      const [decoded] = decode({
        ...Object.fromEntries(Object.entries(series.dimensions).toReversed()),
        always: 'there',
        MeasureName: series.name,
        MeasureValueType: series.type,
        MeasureValue: 1,
        Time: 1,
      });
      if (!decoded?.ok) throw new Error('a series is a point');
      return seriesKey(decoded.point.series);
    };
    fc.assert(
      fc.property(anySeries, anySeries, (a, b) => {
        const canonical = (series: typeof a) =>
          JSON.stringify([
            series.name,
            series.type,
            // An empty value counts as absent.
            Object.entries(series.dimensions)
              .filter(([, value]) => value !== '')
              .toSorted(([p], [q]) => (p < q ? -1 : 1)),
          ]);
        expect(keyed(a) === keyed(b)).toBe(canonical(a) === canonical(b));
      }),
    );
  });
});
