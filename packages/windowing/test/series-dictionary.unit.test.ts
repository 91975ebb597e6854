import type { Series } from '@highwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeriesDictionary } from '../src/series-dictionary.ts';
import { SharedDimensions } from '../src/shared-dimensions.ts';

const series = (name: string, value: string, measureName = 'm'): Series => ({
  measureName,
  measureValueType: 'DOUBLE',
  dimensions: [{ name, value }],
});

/** Series that differ in the names of their dimensions alone have one hash. */
const anySeries = fc
  .tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('x', 'y'))
  .map(([name, value]) => series(name, value));
const anyStep = fc.record({ kind: fc.constantFrom('hold', 'release'), which: anySeries });

describe('the dictionary of series', () => {
  // Goal: one number for one series, as long as anybody holds it. Method: hold and release series of
  // few hashes at random, beside a plain map of how often each is held.
  it('gives one number to a series while it is held, also to those with one hash', () => {
    const property = fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
      const dictionary = new SeriesDictionary();
      const held = new Map<string, { id: number; generation: number; count: number }>();
      for (const { kind, which } of steps) {
        const key = JSON.stringify(which);
        const known = held.get(key);
        if (kind === 'hold') {
          const id = dictionary.intern(which);
          dictionary.hold(id);
          const generation = dictionary.generationOf(id);
          if (known) expect({ id, generation }).toMatchObject({ id: known.id });
          held.set(key, { id, generation, count: (known?.count ?? 0) + 1 });
        } else if (known) {
          dictionary.release(known.id);
          if (known.count === 1) held.delete(key);
          else known.count -= 1;
        }
        expect(dictionary.size).toBe(held.size);
        for (const [text, { id, generation }] of held) {
          expect(JSON.stringify(dictionary.get(id))).toBe(text);
          expect(dictionary.generationOf(id)).toBe(generation);
        }
      }
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('forgets a series that no window took, and tells by the generation', () => {
    const dictionary = new SeriesDictionary();
    const id = dictionary.intern(series('a', 'x'));
    const generation = dictionary.generationOf(id);
    dictionary.releaseUnheld(id);
    dictionary.releaseUnheld(id);
    expect(dictionary.size).toBe(0);
    expect(dictionary.intern(series('b', 'x'))).toBe(id);
    expect(dictionary.generationOf(id)).not.toBe(generation);
  });

  it('lets series share the dimensions that they have in common', () => {
    const shared = new SharedDimensions();
    const [one, other] = [shared.share(series('a', 'x', 'm')), shared.share(series('a', 'x', 'n'))];
    expect(one.dimensions[0]).toBe(other.dimensions[0]);
    expect(shared.share(series('a', 'y')).dimensions[0]?.value).toBe('y');
    // Far more than are remembered.
    const values = Array.from({ length: 70_000 }, (_, index) => `v${index}`);
    expect(values.map((value) => shared.share(series('a', value)).dimensions[0]?.value)).toEqual(
      values,
    );
  });
});
