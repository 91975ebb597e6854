import { describe, expect, it } from 'vitest';
import { PythonRandom } from '../src/python-random.ts';

// All values were printed by CPython: `random.Random(seed)`.
describe('PythonRandom', () => {
  it('draws the numbers of random()', () => {
    const random = new PythonRandom([12345]);
    expect([random.uniform(), random.uniform(), random.uniform()]).toEqual([
      0.41661987254534116, 0.010169169457068361, 0.8252065092537432,
    ]);
  });

  it('draws the numbers of randrange()', () => {
    const random = new PythonRandom([1]);
    expect(Array.from({ length: 8 }, () => random.below(501))).toEqual([
      68, 291, 433, 410, 391, 32, 130, 60,
    ]);
  });

  it('draws the numbers of a seed of two words', () => {
    expect(new PythonRandom([12345, 1]).uniform()).toBe(0.06996149327896617);
  });

  it('continues after its words are used up', () => {
    const random = new PythonRandom([0]);
    let last = 0;
    for (let i = 0; i < 2_000; i++) last = random.uniform();
    expect(last).toBe(0.35278860284662805);
  });

  it('shuffles as shuffle() does', () => {
    expect(new PythonRandom([42]).shuffle([0, 1, 2, 3, 4, 5, 6, 7])).toEqual([
      3, 4, 6, 7, 2, 5, 0, 1,
    ]);
  });
});
