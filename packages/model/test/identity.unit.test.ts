import { describe, expect, it } from 'vitest';
import { decodeRecord, pointLimits } from '../src/index.ts';
import type { DecodeReason } from '../src/decode-record.ts';

const point = { MeasureName: 'm', MeasureValue: '1', Time: '1', host: 'h' };

function decode(members: Readonly<Record<string, unknown>>) {
  const [decoded] = decodeRecord(new TextEncoder().encode(JSON.stringify(members)));
  if (!decoded) throw new Error('a record has at least one element');
  return decoded;
}

describe('a dimension with an empty value', () => {
  it('is the same as an absent one', () => {
    expect(decode({ ...point, rack: '' })).toEqual(decode(point));
  });

  it('does not count: a point that has no other has none', () => {
    expect(decode({ ...point, host: '' })).toMatchObject({ reason: 'dimensions_missing' });
  });

  it('may have any name, because it is not stored', () => {
    expect(decode({ ...point, window_end: '', 'a:b': '', time: '1' })).toEqual(decode(point));
  });
});

describe('a series that could not be stored as a raw row or as a view row', () => {
  const bytes = (count: number) => 'x'.repeat(count);

  it.each<[string, Readonly<Record<string, unknown>>, DecodeReason, RegExp]>([
    [
      'has the dimension window_start',
      { window_start: 'x' },
      'dimension_reserved',
      /"window_start"/,
    ],
    ['has the dimension window_end', { window_end: 'x' }, 'dimension_reserved', /another name/],
    ['has the dimension measure_name', { measure_name: 'x' }, 'dimension_reserved', /measure_name/],
    [
      'has the dimension measure_value::double',
      { measure_valueX: 'x' },
      'dimension_reserved',
      /store/,
    ],
    ['has the dimension ts_anything', { ts_anything: 'x' }, 'dimension_reserved', /ts_anything/],
    ['has a colon in a dimension name', { 'a:b': 'x' }, 'dimension_invalid', /colon/],
    ['has a quote in a dimension name', { 'a"b': 'x' }, 'dimension_invalid', /double quote/],
    ['has a newline in a dimension name', { 'a\nb': 'x' }, 'dimension_invalid', /control/],
    [
      'has a line separator in a dimension name',
      { 'a\u2028b': 'x' },
      'dimension_invalid',
      /rename/,
    ],
    [
      'has half a character in a dimension name',
      { '\ud800': 'x' },
      'dimension_invalid',
      /surrogate/,
    ],
    ['has half a character in a dimension', { rack: '\udc00' }, 'dimension_invalid', /surrogate/],
    ['has no dimension name', { '': 'x' }, 'dimension_invalid', /empty/],
    ['has a colon in its measure name', { MeasureName: 'a:b' }, 'measure_name_invalid', /colon/],
    ['has a measure name of 201 bytes', { MeasureName: bytes(201) }, 'measure_name_invalid', /200/],
    [
      'has a measure name of 202 bytes',
      { MeasureName: 'é'.repeat(101) },
      'measure_name_invalid',
      /200/,
    ],
    [
      'has half a character in its measure name',
      { MeasureName: '\ud800' },
      'measure_name_invalid',
      /half/,
    ],
    ['has too long a dimension', { host: bytes(1_844) }, 'series_too_large', /1849 bytes.*1848/],
    [
      'has too long a text beside its names',
      { host: bytes(1_000), MeasureValueType: 'VARCHAR', MeasureValue: bytes(1_036) },
      'measure_value_invalid',
      /2041 bytes.*2040/,
    ],
  ])('%s: is rejected with its reason and the remedy', (_, members, reason, detail) => {
    expect(decode({ ...point, ...members })).toMatchObject({
      ok: false,
      reason,
      detail: expect.stringMatching(detail) as string,
    });
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['a measure name of 200 bytes', { MeasureName: 'é'.repeat(100) }],
    ['a measure name with what only dimensions may not have', { MeasureName: 'time "x"\n' }],
    ['a dimension name that only looks reserved', { 'time ': 'x', Window_Start: 'x', tsx: 'x' }],
    ['names and values of 1,848 bytes', { host: bytes(1_843) }],
    ['a text that just fits', { MeasureValueType: 'VARCHAR', MeasureValue: bytes(2_034) }],
  ])('does not include a series that has %s', (_, members) => {
    expect(decode({ ...point, ...members })).toMatchObject({ ok: true });
  });

  it('has at most as many dimensions as a view row can have in addition to its own two', () => {
    const withCount = (count: number) => ({
      ...point,
      ...Object.fromEntries(Array.from({ length: count - 1 }, (_, i) => [`d${i}`, 'x'])),
    });
    expect(pointLimits.dimensionsMax).toBe(126);
    expect(decode(withCount(126))).toMatchObject({ ok: true });
    expect(decode(withCount(127))).toMatchObject({ reason: 'dimensions_too_many' });
  });
});
