import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketOf, chainMax, HashChains } from '../src/state/hash-chains.ts';

/** Different hashes that share one bucket, even when there are some thousand. */
const crowdedHashes: number[] = [];
for (let hash = 0; crowdedHashes.length < 60; hash++) {
  if (bucketOf(hash, 8_192) === 3) crowdedHashes.push(hash);
}

describe('chains of hashes', () => {
  it('check few numbers of one hash, and reject the others', () => {
    const chains = new HashChains();
    const put = Array.from({ length: 1_000 }, (_, id) => chains.put(7, id));
    expect(put.filter(Boolean)).toHaveLength(chainMax);
    let asked = 0;
    expect(chains.find(7, () => (asked++, false))).toBe(-1);
    expect(asked).toBe(chainMax);
    // Only stored numbers can be removed, which frees space.
    expect([chains.remove(chainMax), chains.remove(0)]).toEqual([false, true]);
    expect([chains.put(7, 2_000), chains.put(7, 2_001)]).toEqual([true, false]);
  });

  it('reject more in a bucket, however different their hashes are', () => {
    const chains = new HashChains();
    expect(crowdedHashes.filter((hash, id) => chains.put(hash, id))).toHaveLength(chainMax);
  });

  // Goal: a number is found from when it is stored until it is removed. Method: hashes that are
  // equal, share a bucket, or do neither, stored and removed at random, compared with a map, while
  // the table grows.
  it('agree with a map, for equal, crowded, and ordinary hashes', () => {
    const anyHash = fc.oneof(
      fc.integer(),
      fc.integer({ min: -3, max: 3 }),
      fc.constantFrom(...crowdedHashes),
    );
    const anyStep = fc.record({ hash: anyHash, removes: fc.boolean(), which: fc.nat(999) });
    const property = fc.property(
      fc.array(anyStep, { minLength: 300, maxLength: 900, size: 'max' }),
      (steps) => {
        const chains = new HashChains();
        const put = new Map<number, number>();
        const wrong: unknown[] = [];
        for (const [id, { hash, removes, which }] of steps.entries()) {
          if (chains.put(hash, id)) put.set(id, hash);
          const removed = which % (id + 1);
          if (!removes) continue;
          if (chains.remove(removed) !== put.has(removed)) wrong.push({ removed });
          put.delete(removed);
        }
        for (const [id, { hash }] of steps.entries()) {
          const found = chains.find(hash, (other) => other === id);
          if (found !== (put.has(id) ? id : -1)) wrong.push({ id, found });
        }
        expect(wrong).toEqual([]);
      },
    );
    fc.assert(property, { numRuns: 30 });
  });
});
