import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endedMax, Sources } from '../src/sources.ts';

const marker = { isEnded: false, children: [], peers: [], views: [] };

describe('the sources of a results shard', () => {
  // It continues from the lowest of their watermarks, and accepts points that the other has
  // settled.
  it.each([
    [100, 900],
    [900, 100],
  ])(
    'promise for a child of two parents what both have promised, ends %d and %d',
    (first, second) => {
      const sources = new Sources();
      sources.observe({ ...marker, source: 'p1', settledMs: null, peers: ['p2'] });
      const end = { ...marker, isEnded: true, children: ['child'] };
      sources.observe({ ...end, source: 'p1', settledMs: first });
      sources.observe({ ...end, source: 'p2', settledMs: second });
      expect(sources.settledMs).toBe(100);
      sources.observe({ ...marker, source: 'child', settledMs: 950 });
      // A repeated marker takes nothing back.
      sources.observe({ ...end, source: 'p1', settledMs: first });
      expect(sources.settledMs).toBe(950);
    },
  );

  it('remember a limited number of the sources that ended last, even in a snapshot', () => {
    const sources = new Sources();
    const end = { ...marker, isEnded: true, settledMs: 100 };
    for (let number = 0; number <= endedMax; number++) {
      sources.observe({ ...end, source: `s${number}`, children: [`s${number + 1}`] });
    }
    const { ended } = sources.save();
    expect(ended).toHaveLength(endedMax);
    expect(ended).not.toContain('s0');
    sources.observe({ ...marker, source: 's1', settledMs: 0 });
    expect(sources.settledMs).toBe(100);
    const restored = new Sources();
    restored.join(sources.save());
    expect(restored.save()).toEqual(sources.save());
  });

  // Goal: the common promise is the lowest of all. Method: any markers, compared with the minimum
  // of a map.
  it('promise the lowest settled time of all sources, however many there are', () => {
    const anySource = fc.nat(300).map((number) => `s${number}`);
    const anyMarker = fc.record({
      source: anySource,
      settledMs: fc.option(fc.nat(1_000)),
      isEnded: fc.boolean(),
      children: fc.array(anySource, { maxLength: 2 }),
      peers: fc.array(anySource, { maxLength: 3 }),
      views: fc.constant([]),
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

  describe('starts of a raised view', () => {
    const told = (revision: number, beginsAtMs: number | null = null) => ({
      ...marker,
      settledMs: 0,
      views: [{ view: 'v', revision, beginsAtMs }],
    });
    const end = { isEnded: true, children: ['child'] };

    it('combine to the latest, and ignore a zombie process of the old revision', () => {
      const sources = new Sources();
      sources.observe({ ...told(1), source: 'a' });
      sources.observe({ ...told(1), source: 'b' });
      expect(sources.waitsFor('v', 2)).toEqual([]);
      sources.observe({ ...told(2, 100), source: 'a' });
      expect(sources.waitsFor('v', 2)).toEqual(['b']);
      sources.observe({ ...told(2, 70), source: 'b' });
      sources.observe({ ...told(1), source: 'a' });
      expect(sources.waitsFor('v', 2)).toEqual([]);
      expect(sources.latestBeginMs('v', 2)).toBe(100);
      expect(sources.latestBeginMs('v', 1)).toBe(Number.NEGATIVE_INFINITY);
    });

    it('are undefined when sources always had the view or their release does not report it', () => {
      const sources = new Sources();
      sources.observe({ ...told(2), source: 'a', peers: ['b'] });
      sources.observe({ ...marker, settledMs: 0, source: 'c' });
      expect(sources.waitsFor('v', 2)).toEqual([]);
      expect(sources.latestBeginMs('v', 2)).toBe(Number.NEGATIVE_INFINITY);
    });

    it('apply to children: the later start of two parents, once both have reported', () => {
      const sources = new Sources();
      sources.observe({ ...told(1), source: 'p1' });
      sources.observe({ ...told(1), ...end, source: 'p2' });
      sources.observe({ ...told(2, 100), ...end, source: 'p1' });
      // Its other parent ended under the previous revision, at an unknown point.
      expect(sources.waitsFor('v', 2)).toEqual(['child']);
      sources.observe({ ...told(2, 130), source: 'child' });
      expect(sources.waitsFor('v', 2)).toEqual([]);
      expect(sources.latestBeginMs('v', 2)).toBe(130);
    });

    it('are not awaited from children that are read late', () => {
      const sources = new Sources();
      sources.observe({ ...told(2, 100), source: 'p1' });
      sources.observe({ ...told(2, 70), source: 'p2' });
      // Named before its parents have ended, by a source that lists all shards.
      sources.observe({ ...told(2, 70), source: 'p2', peers: ['child'] });
      expect(sources.waitsFor('v', 2)).toEqual([]);
      sources.observe({ ...told(2, 100), ...end, source: 'p1' });
      expect(sources.waitsFor('v', 2)).toEqual([]);
      // Unless one of them ends under the previous revision, in a process that was not stopped.
      sources.observe({ ...told(1), ...end, source: 'p3' });
      expect(sources.waitsFor('v', 2)).toEqual(['child']);
    });

    it('are all kept in a snapshot', () => {
      const sources = new Sources();
      sources.observe({ ...told(1), source: 'b' });
      sources.observe({ ...told(2, 100), source: 'a', peers: ['c'] });
      const restored = new Sources();
      restored.join(JSON.parse(JSON.stringify(sources.save())) as ReturnType<Sources['save']>);
      expect(restored.save()).toEqual(sources.save());
      expect(restored.waitsFor('v', 2)).toEqual(['b', 'c']);
      expect(restored.latestBeginMs('v', 2)).toBe(100);
    });

    it('may be missing from a snapshot of an older release', () => {
      const sources = new Sources();
      sources.join({ live: [['a', 5]], ended: ['z'] });
      sources.raise('v', 2);
      expect(sources.waitsFor('v', 2)).toEqual(['a']);
      sources.observe({ ...told(2, 100), source: 'a' });
      expect(sources.waitsFor('v', 2)).toEqual([]);
    });
  });
});

function leastOf(sources: Sources): number {
  const { live } = sources.save();
  if (live.length === 0) return Number.NEGATIVE_INFINITY;
  return Math.min(...live.map(([, settledMs]) => settledMs ?? Number.NEGATIVE_INFINITY));
}
