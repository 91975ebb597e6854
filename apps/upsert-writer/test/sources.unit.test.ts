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
});
