import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../src/faults/index.ts';

const draw = (random: SeededRandom, count: number) =>
  Array.from({ length: count }, () => random.uniform());

const byValue = (a: number, b: number) => a - b;

describe('SeededRandom', () => {
  it('draws the same numbers from the same seed', () => {
    expect(draw(new SeededRandom(42), 100)).toEqual(draw(new SeededRandom('42'), 100));
    expect(draw(new SeededRandom(42), 100)).not.toEqual(draw(new SeededRandom(43), 100));
  });

  it('forks by name alone, whatever was drawn before', () => {
    const fresh = new SeededRandom(1);
    const used = new SeededRandom(1);
    draw(used, 10);
    expect(draw(used.fork('faults'), 10)).toEqual(draw(fresh.fork('faults'), 10));
    expect(draw(fresh.fork('faults'), 10)).not.toEqual(draw(fresh.fork('keys'), 10));
  });

  it('spreads its numbers evenly', () => {
    const random = new SeededRandom('even');
    const counts = Array.from({ length: 10 }, () => 0);
    for (const drawn of draw(random, 100_000)) {
      const bucket = Math.floor(drawn * 10);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    // Five standard deviations of a binomial count.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(475);
  });

  it('keeps every item when it shuffles, and integers within their range', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.integer()), fc.nat(100), (seed, items, span) => {
        const random = new SeededRandom(seed);
        expect(random.shuffle(items).toSorted(byValue)).toEqual(items.toSorted(byValue));
        const drawn = random.int(-5, -5 + span);
        expect(drawn >= -5 && drawn <= -5 + span).toBe(true);
      }),
    );
  });
});
