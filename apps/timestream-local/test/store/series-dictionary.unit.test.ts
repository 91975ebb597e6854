import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/store/series-digest.ts';
import { SeriesDictionary } from '../../src/store/series-dictionary.ts';
import { SeriesIndex } from '../../src/store/series-index.ts';

/** Few characters, including those of the borders, so that texts are nearly equal. */
const anyText = fc.string({ unit: fc.constantFrom('1', '2', ':', 'a'), maxLength: 4 });

const anySeries = fc.tuple(anyText, fc.array(fc.tuple(anyText, anyText), { maxLength: 3 }));

describe('the numbers of series', () => {
  it('are equal exactly for equal series, even after reading the file again', () => {
    const property = fc.property(fc.array(anySeries, { maxLength: 200 }), (all) => {
      const dictionary = new SeriesDictionary();
      const model = new Map<string, number>();
      const number = (known: SeriesDictionary) =>
        all.map(([name, dimensions]) => known.idOf(name, dimensions));
      const expected = all.map((series) => {
        const key = JSON.stringify(series);
        model.set(key, model.get(key) ?? model.size);
        return model.get(key);
      });
      expect(number(dictionary)).toEqual(expected);

      const added = dictionary.takeAdded();
      expect(added.map(({ id }) => id)).toEqual([...model.values()]);
      const again = new SeriesDictionary();
      for (const { id, digest } of added) again.restore(id, digest);
      expect(number(again)).toEqual(expected);
      expect(again.takeAdded()).toEqual([]);
      expect(again.size).toBe(model.size);
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('stay when a series was not used for long', () => {
    const dictionary = new SeriesDictionary();
    const numberOf = (at: number) => dictionary.idOf('cpu', [['host', String(at)]]);
    const count = 110_000;
    for (let at = 0; at < count; at += 1) expect(numberOf(at)).toBe(at);
    expect([numberOf(0), numberOf(55_555), numberOf(count)]).toEqual([0, 55_555, count]);
  });
});

describe('the index of series', () => {
  it('finds all of them, and no others', () => {
    const index = new SeriesIndex();
    const digest = (at: number) => digestOf(String(at));
    for (let at = 0; at < 5000; at += 1) index.set(digest(at), at);
    for (let at = 0; at < 5000; at += 1) expect(index.find(digest(at))).toBe(at);
    for (let at = 5000; at < 10_000; at += 1) expect(index.find(digest(at))).toBeUndefined();
    expect(index.size).toBe(5000);
  });
});
