import { describe, expect, it } from 'vitest';
import { decodeRecord, futureDetail, isTooFarAhead, pointLimits } from '../src/index.ts';
import { decodePoint } from '../src/decode-point.ts';
import { elementLimits, elementTexts, recordBytesMax } from '../src/decode-record.ts';
import { seedShaped } from './seed-shaped.ts';

const encoder = new TextEncoder();

function reasonOf(text: string) {
  const [decoded] = decodeRecord(encoder.encode(text));
  return decoded?.ok === false ? decoded.reason : 'a point';
}

function reasonWith(members: Record<string, unknown>) {
  return reasonOf(JSON.stringify({ ...seedShaped, ...members }));
}

describe('the last value that is a point, and the next one, which is not', () => {
  const { timeMsMin, timeMsMax } = pointLimits;
  const timeInMs = (Time: string) => ({ TimeUnit: 'MILLISECONDS', Time });
  const bigint = (MeasureValue: string) => ({ MeasureValueType: 'BIGINT', MeasureValue });
  const digits = (count: number) => ({ MeasureValue: '1'.padStart(count, '0') });

  it.each([
    ['the year 1', timeInMs(`${timeMsMin}`), timeInMs(`${timeMsMin - 1}`), 'time_invalid'],
    ['the year 9999', timeInMs(`${timeMsMax}`), timeInMs(`${timeMsMax + 1}`), 'time_invalid'],
    ['a time with a sign', timeInMs('+5'), timeInMs('x5'), 'time_invalid'],
    [
      'the greatest BIGINT',
      bigint('9223372036854775807'),
      bigint('9223372036854775808'),
      'measure_value_invalid',
    ],
    [
      'the least BIGINT',
      bigint('-9223372036854775808'),
      bigint('-9223372036854775809'),
      'measure_value_invalid',
    ],
    ['a DOUBLE of 400 digits', digits(400), digits(401), 'measure_value_invalid'],
  ])('%s', (_, last, next, reason) => {
    expect(reasonWith(last)).toBe('a point');
    expect(reasonWith(next)).toBe(reason);
  });

  it('a record of as many bytes as a stream accepts', () => {
    const point = JSON.stringify(seedShaped);
    expect(reasonOf(point.padEnd(recordBytesMax))).toBe('a point');
    expect(reasonOf(point.padEnd(recordBytesMax + 1))).toBe('too_large');
  });

  it('a time as far ahead of its arrival as readers allow', () => {
    expect(isTooFarAhead(1_500, 1_000, 500)).toBe(false);
    expect(isTooFarAhead(1_501, 1_000, 500)).toBe(true);
    expect(futureDetail(61_000, 1_000)).toContain('60 s after its arrival');
  });
});

describe('a value', () => {
  const text = (MeasureValue: string) => ({ MeasureValueType: 'VARCHAR', MeasureValue });

  it('has at least one character if it is a text, and only whole characters', () => {
    expect(reasonWith(text('x'))).toBe('a point');
    expect(reasonWith(text(''))).toBe('measure_value_invalid');
    expect(reasonWith(text('\ud800'))).toBe('measure_value_invalid');
  });

  it('is true or false', () => {
    expect(reasonWith({ MeasureValueType: 'BOOLEAN', MeasureValue: 'False' })).toBe('a point');
  });

  it('counts toward the size next to the names only if it is stored as text', () => {
    const { seriesBytesMax, seriesAndValueBytesMax } = pointLimits;
    const measure = { MeasureName: 'm', Time: 1 };
    const large = { ...measure, d: 'x'.repeat(seriesBytesMax - 2) };
    const valueBytes = seriesAndValueBytesMax - seriesBytesMax + 1;
    const reason = (type: string) =>
      reasonOf(
        JSON.stringify({ ...large, MeasureValueType: type, MeasureValue: '1'.repeat(valueBytes) }),
      );
    expect(reason('DOUBLE')).toBe('a point');
    expect(reason('VARCHAR')).toBe('measure_value_invalid');
  });
});

describe('a member that is null', () => {
  it('is absent', () => {
    expect(reasonWith({ rack: null })).toBe('a point');
    expect(reasonWith({ MeasureValue: null })).toBe('measure_value_missing');
  });
});

describe('the text of a record', () => {
  it('is not requested when the parsed values suffice', () => {
    const never = () => {
      throw new Error('the text is not needed');
    };
    const { MeasureValue: _, ...rest } = seedShaped;
    for (const MeasureValue of [7, 1.5, '7', true]) {
      const type = typeof MeasureValue === 'boolean' ? 'BOOLEAN' : 'DOUBLE';
      const { ok } = decodePoint({ ...rest, MeasureValue, MeasureValueType: type }, never);
      expect(ok).toBe(true);
    }
  });

  it('has an empty element for a broken end', () => {
    expect([...elementTexts('[{"a":1},{"b"')]).toEqual(['{"a":1}', '']);
  });
});

describe('an element that is not a point', () => {
  it.each(['null', '[null]', 'null\nnull', '7', '[[]]'])('is not an object: %s', (record) => {
    expect(reasonOf(record)).toBe('not_an_object');
  });

  it('gets a short description, however long it is', () => {
    const names = { ['n"'.repeat(1_000)]: 'x', MeasureValueType: 'T'.repeat(5_000) };
    for (const text of [JSON.stringify({ ...seedShaped, ...names }), `{"${'x'.repeat(9_000)}`]) {
      const [decoded] = decodeRecord(encoder.encode(text));
      const detail = decoded?.ok === false ? decoded.detail : '';
      expect(detail).not.toBe('');
      expect(detail.length).toBeLessThanOrEqual(elementLimits.detailCharactersMax);
    }
  });
});
