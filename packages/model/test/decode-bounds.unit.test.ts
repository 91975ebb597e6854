import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecord, elementTexts, type Decoded } from '../src/index.ts';
import { elementLimits } from '../src/decode-record.ts';
import { seedShaped } from './seed-shaped.ts';

const encoder = new TextEncoder();
const { charactersMax, refusedMax, detailCharactersMax } = elementLimits;

function decode(text: string): readonly Decoded[] {
  return [...decodeRecord(encoder.encode(text))];
}

/** The elements, in words. */
function words(text: string): readonly string[] {
  return decode(text).map((decoded) => (decoded.ok ? 'point' : decoded.reason));
}

const good = JSON.stringify(seedShaped);

describe('a broken array', () => {
  it.each<[string, string, readonly string[]]>([
    ['is cut in an element', `[${good},${good},{"MeasureName":"m`, ['point', 'point', 'not_json']],
    ['is cut after an element', `[${good},${good}`, ['point', 'point', 'not_json']],
    ['is cut after a comma', `[${good},`, ['point', 'not_json']],
    ['has a bad word in it', `[${good},nul,${good}]`, ['point', 'not_json', 'point']],
    ['has a brace too many', `[${good},{"a":1}},${good}]`, ['point', 'not_json', 'point']],
    ['has a brace too few', `[${good},{"a":1,${good}]`, ['point', 'not_json', 'not_json']],
    ['has a quote too few', `[${good},{"a:1},${good}]`, ['point', 'not_json']],
    ['has a comma too many', `[${good},,${good},]`, ['point', 'not_json', 'point', 'not_json']],
    ['has more after it', `[${good}] ${good}`, ['point', 'not_json']],
    ['is only begun', '[', ['not_json']],
  ])('%s: costs only the broken elements', (_, text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  // Goal: a record is read the same whether it is parsed in one call or piece by piece. Method: the
  // same array with enough whitespace after it to be too long for one call.
  it('and a valid one are read the same in one piece and in many', () => {
    const anyElement = fc.oneof(
      fc.constant(good),
      fc.json(),
      fc.constantFrom(
        '{"MeasureName":"m","MeasureValue":1,"Time":1,"id":10.0}',
        '{',
        '}',
        ']',
        '"',
        '',
      ),
    );
    const property = fc.property(
      fc.array(anyElement),
      fc.constantFrom(',', ' ,\n', ''),
      (all, by) => {
        const text = `[${all.join(by)}]`;
        expect(decode(text + ' '.repeat(charactersMax))).toEqual(
          // Details may quote more or less of the following text.
          decode(text).map((each) =>
            each.ok ? each : { ...each, detail: expect.any(String) as string },
          ),
        );
      },
    );
    fc.assert(property, { numRuns: 200 });
  });

  it('is split into the same elements by elementTexts', () => {
    const property = fc.property(fc.array(fc.json(), { minLength: 1 }), (elements) => {
      const texts = [...elementTexts(`[${elements.join(',')}]`)];
      expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual(
        elements.map((text) => JSON.parse(text) as unknown),
      );
    });
    fc.assert(property);
  });
});

describe('one element', () => {
  it('is rejected when it is longer than the parsing limit, and its neighbors are read', () => {
    const long = JSON.stringify({ ...seedShaped, x: 'x'.repeat(charactersMax) });
    expect(words(`[${good},${long},${good}]`)).toEqual(['point', 'too_large', 'point']);
    expect(words(`${good}\n${long}\n${good}`)).toEqual(['point', 'too_large', 'point']);
    expect(words(long)).toEqual(['too_large']);
  });

  it('is read when only the record around it is longer', () => {
    expect(words(' '.repeat(charactersMax) + good + '\n'.repeat(charactersMax))).toEqual(['point']);
  });

  it.each([5_000, 30_000])('is rejected when it is nested %i deep, closed or not', (depth) => {
    const [open, close] = ['['.repeat(depth), ']'.repeat(depth)];
    const object = `{"MeasureName":"m","MeasureValue":1,"Time":1,"id":7,"deep":`;
    expect(words(open)).toEqual(['not_json']);
    expect(words(open + close)).toEqual(['not_an_object']);
    expect(words(`${object}${open}${close}}`)).toEqual(['dimension_invalid']);
    expect(words(`[${object}${open}1${close}},${good}]`)).toEqual(['dimension_invalid', 'point']);
  });

  it('gets a short description of its problem, however long it is', () => {
    const long = 'x'.repeat(10_000);
    for (const text of [
      `"${long}`,
      `{"${long}":1}`,
      `[${long}]`,
      `{"MeasureName":"m","Time":"${long}"}`,
    ])
      for (const decoded of decode(text))
        expect(decoded.ok ? '' : decoded.detail).toMatch(
          new RegExp(`^.{1,${detailCharactersMax}}$`, 's'),
        );
  });
});

describe('a record with many faults', () => {
  it('is read as long as they are few, and then rejected as a whole', () => {
    const bad = Array.from({ length: refusedMax }, () => '1');
    expect(words(`[${[...bad, good].join(',')}]`).at(-1)).toBe('point');
    const given = words(`[${[...bad, good, '1', good].join(',')}]`);
    expect(given.length).toBe(refusedMax + 2);
    expect(given.slice(-2)).toEqual(['point', 'too_many_faults']);
  });

  const mebibytes = 10;
  const fill = (unit: string) =>
    unit.repeat(Math.floor((mebibytes * 1024 * 1024 - 2) / unit.length)).slice(0, -1);
  it.each<[string, string, number]>([
    ['bare numbers', `[${fill('1,')}]`, refusedMax + 1],
    ['empty arrays', `[${fill('[],')}]`, refusedMax + 1],
    ['empty objects', `[${fill('{},')}]`, refusedMax + 1],
    ['commas', `[${fill(',,')}]`, refusedMax + 1],
    ['lines of a brace', fill('{\n'), refusedMax + 1],
    ['newlines', fill('\n\n'), 1],
    ['open brackets', fill('[['), 1],
    ['quotes', fill('""'), 1],
    ['backslashes in a string', `["${fill('\\\\')}`, 1],
    ['members of one object', `{${fill('"a":1,')}}`, 1],
  ])('costs limited work for 10 MiB of %s', (_, text, elementsCount) => {
    expect(decode(text).length).toBe(elementsCount);
  });
});
