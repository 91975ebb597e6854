import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AccumulatedPoint } from '../src/accumulators/component.ts';
import { PointList, type Duplicates } from '../src/accumulators/point-list.ts';

// Few times and values, so that many points are duplicates and many are equal in part.
const anyPoint = fc
  .record({
    eventTimeMs: fc.nat(6),
    value: fc.nat(4),
    arrivalTimeMs: fc.nat(9),
    isWhole: fc.boolean(),
    rest: fc.nat(1),
  })
  .map((point) => ({ ...point, rest: point.isWhole ? point.rest : 0 }));
const anyPoints = fc.array(anyPoint, { maxLength: 30 });

function listOf(duplicates: Duplicates, points: readonly AccumulatedPoint[]): PointList {
  const list = new PointList(duplicates);
  for (const point of points) list.add(point);
  return list;
}

/**
 * The remaining points, found in the simplest way. Of points that arrived together, any may remain.
 */
function plainTimes(duplicates: Duplicates, points: readonly AccumulatedPoint[]) {
  const byTime = new Map<number, number>();
  for (const { eventTimeMs, arrivalTimeMs } of points) {
    const known = byTime.get(eventTimeMs);
    const pick = duplicates === 'ignore' ? Math.min : Math.max;
    byTime.set(eventTimeMs, known === undefined ? arrivalTimeMs : pick(known, arrivalTimeMs));
  }
  return [...byTime].toSorted(([a], [b]) => a - b);
}

it('keeps every point if duplicates count, in the order of time, value, and arrival', () => {
  fc.assert(
    fc.property(anyPoints, (points) => {
      const inOrder = points.toSorted(
        (a, b) =>
          a.eventTimeMs - b.eventTimeMs ||
          a.value - b.value ||
          a.rest - b.rest ||
          Number(a.isWhole) - Number(b.isWhole) ||
          a.arrivalTimeMs - b.arrivalTimeMs,
      );
      expect(listOf('count', points).points).toEqual(inOrder);
    }),
  );
});

it.each(['ignore', 'replace'] as const)('%s: keeps one point of each time', (duplicates) => {
  fc.assert(
    fc.property(anyPoints, (points) => {
      const kept = listOf(duplicates, points).points ?? [];
      const times = kept.map(({ eventTimeMs, arrivalTimeMs }) => [eventTimeMs, arrivalTimeMs]);
      expect(times).toEqual(plainTimes(duplicates, points));
      for (const point of kept) expect(points).toContainEqual(point);
    }),
  );
});

it.each(['count', 'ignore', 'replace'] as const)(
  '%s: merges to the same bits whatever the order of the shards',
  (duplicates) => {
    fc.assert(
      fc.property(fc.array(anyPoints, { maxLength: 4 }), (shards) => {
        const parts = shards.map((points) => listOf(duplicates, points).encode());
        const merge = (inOrder: readonly (readonly number[])[]) => {
          const list = new PointList(duplicates);
          for (const part of inOrder) list.merge(part);
          return list.encode();
        };
        expect(merge(parts.toReversed())).toEqual(merge(parts));
      }),
    );
  },
);
