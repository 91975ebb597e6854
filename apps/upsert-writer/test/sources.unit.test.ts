import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Sources } from '../src/sources.ts';

const marker = { isEnded: false, children: [], peers: [] };

describe('the sources of a results shard', () => {
  // It goes on from the least of their watermarks, and takes points that the other has settled.
  it.each([
    [100, 900],
    [900, 100],
  ])('promise for a child of two parents what both have, ends %d and %d', (first, second) => {
    const sources = new Sources();
    sources.observe({ ...marker, source: 'p1', settledMs: null, peers: ['p2'] });
    const end = { ...marker, isEnded: true, children: ['child'] };
    sources.observe({ ...end, source: 'p1', settledMs: first });
    sources.observe({ ...end, source: 'p2', settledMs: second });
    expect(sources.settledMs).toBe(100);
    sources.observe({ ...marker, source: 'child', settledMs: 950 });
    // Delivered again, it takes nothing back.
    sources.observe({ ...end, source: 'p1', settledMs: first });
    expect(sources.settledMs).toBe(950);
  });

  // Goal: the promise of all is the least of each. Method: any markers, beside the least of a map.
  it('promise the least of what each has settled, however many there are', () => {
    const anySource = fc.nat(300).map((number) => `s${number}`);
    const anyMarker = fc.record({
      source: anySource,
      settledMs: fc.option(fc.nat(1_000)),
      isEnded: fc.boolean(),
      children: fc.array(anySource, { maxLength: 2 }),
      peers: fc.array(anySource, { maxLength: 3 }),
    });
    const property = fc.property(
      fc.array(anyMarker, { maxLength: 400, size: 'max' }),
      fc.boolean(),
      (markers, areRead) => {
        const sources = new Sources();
        for (const each of markers) {
          sources.observe(each);
          if (!areRead) continue;
          expect(sources.settledMs).toBe(leastOf(sources));
        }
        expect(sources.settledMs).toBe(leastOf(sources));
      },
    );
    fc.assert(property, { numRuns: 50 });
  });

  it('promise for more sources than a call could take as arguments', () => {
    const sources = new Sources();
    const peers = Array.from({ length: 200_000 }, (_, index) => `p${index}`);
    sources.observe({ ...marker, source: 's', settledMs: 5, peers });
    expect(sources.settledMs).toBe(Number.NEGATIVE_INFINITY);
  });
});

function leastOf(sources: Sources): number {
  const { live } = sources.save();
  if (live.length === 0) return Number.NEGATIVE_INFINITY;
  return Math.min(...live.map(([, settledMs]) => settledMs ?? Number.NEGATIVE_INFINITY));
}
