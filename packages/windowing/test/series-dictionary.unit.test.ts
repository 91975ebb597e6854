import { hashSeries, type Series } from '@highwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chainMax } from '../src/state/hash-chains.ts';
import { SeriesDictionary } from '../src/state/series-dictionary.ts';
import { SharedDimensions } from '../src/state/shared-dimensions.ts';
import { collidingValues, seriesOf } from './colliding-values.ts';

const series = (name: string, value: string, measureName = 'm'): Series => ({
  measureName,
  measureValueType: 'DOUBLE',
  dimensions: [{ name, value }],
});

const colliding = collidingValues(1_500);
/** Series of one hash, by their values or as they differ in the names of their dimensions alone. */
const anySeries = fc.oneof(
  fc.constantFrom(...colliding.slice(0, 80)).map((value) => seriesOf(value)),
  fc
    .tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('x', 'y'))
    .map(([name, value]) => series(name, value)),
  fc.nat(200).map((number) => series('host', `h-${number}`)),
);
const anyStep = fc.record({
  kind: fc.constantFrom('hold', 'hold', 'hold', 'release', 'pass'),
  which: anySeries,
});

describe('the dictionary of series', () => {
  it('handles series of one hash, which anybody can make', () => {
    expect(new Set(colliding).size).toBe(colliding.length);
    expect(new Set(colliding.map((value) => hashSeries(seriesOf(value)))).size).toBe(1);
  });

  // Goal: a series has one number as long as anything holds it. Method: hold, release, and look up
  // series with the same hash and with other hashes at random, compared with a plain map of how
  // often each is held.
  it('gives one number to a series while it is held, even if others have the same hash', () => {
    const property = fc.property(
      fc.array(anyStep, { minLength: 200, maxLength: 400, size: 'max' }),
      (steps) => {
        const dictionary = new SeriesDictionary();
        const held = new Map<string, { id: number; generation: number; count: number }>();
        const wrong: unknown[] = [];
        for (const { kind, which } of steps) {
          const key = JSON.stringify(which);
          const known = held.get(key);
          if (kind === 'release') {
            if (!known) continue;
            dictionary.release(known.id);
            if (known.count === 1) held.delete(key);
            else known.count -= 1;
          } else {
            const id = dictionary.intern(which);
            const generation = dictionary.generationOf(id);
            if (known && (known.id !== id || known.generation !== generation)) wrong.push(which);
            if (kind === 'pass') {
              dictionary.releaseUnheld(id);
            } else {
              dictionary.hold(id);
              held.set(key, { id, generation, count: (known?.count ?? 0) + 1 });
            }
          }
          if (dictionary.size !== held.size) wrong.push(which);
        }
        for (const [text, { id, generation }] of held) {
          const isKept = JSON.stringify(dictionary.get(id)) === text;
          if (!isKept || dictionary.generationOf(id) !== generation) wrong.push(text);
        }
        expect(wrong).toEqual([]);
      },
    );
    fc.assert(property, { numRuns: 60 });
  });

  it('compares a series with few others of its hash, however many there are', () => {
    const dictionary = new SeriesDictionary();
    let asked = 0;
    /** Counts how often the measure's name is read: once for each comparison. */
    const counted = (value: string): Series => {
      const { measureValueType, dimensions } = seriesOf(value);
      return {
        measureValueType,
        dimensions,
        get measureName() {
          asked += 1;
          return 'm';
        },
      };
    };
    const ids = colliding.map((value) => dictionary.intern(counted(value)));
    for (const id of ids) dictionary.hold(id);
    expect(colliding.map((value) => dictionary.intern(counted(value)))).toEqual(ids);
    // Besides, it is hashed, made a key of and copied.
    expect(asked).toBeLessThanOrEqual(colliding.length * 2 * (chainMax + 4));
    for (const id of ids) dictionary.release(id);
    expect(dictionary.size).toBe(0);
  });

  it('forgets a series without a window, and signals that by the generation', () => {
    const dictionary = new SeriesDictionary();
    const id = dictionary.intern(series('a', 'x'));
    const generation = dictionary.generationOf(id);
    dictionary.releaseUnheld(id);
    dictionary.releaseUnheld(id);
    expect(dictionary.size).toBe(0);
    expect(dictionary.intern(series('b', 'x'))).toBe(id);
    expect(dictionary.generationOf(id)).not.toBe(generation);
  });

  it('lets series share equal dimensions', () => {
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
