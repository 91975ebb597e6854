import type { Point } from '@highwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  inheritOperator,
  restoreOperator,
  snapshotOperator,
  WindowOperator,
  type PointOutcome,
} from '../src/index.ts';
import { point, view } from './operator-harness.ts';

const minuteMs = 60_000;
const fiveMinutes = view({
  window: { tumbling: '5m' },
  allowedLateness: '2m',
  aggregates: ['avg'],
});
const options = {
  views: [fiveMinutes],
  source: 's',
  outOfOrdernessMs: 3_000,
  maxFutureSkewMs: 900_000,
};

interface Arrival {
  readonly points: readonly Point[];
  readonly arrivalTimeMs: number;
}

/**
 * Processes records in the order of their arrival. Returns the outcome of each point, and the
 * averages.
 */
function run(arrivals: readonly Arrival[]) {
  const operator = new WindowOperator(options);
  const outcomes = new Map<string, PointOutcome[]>();
  const rows = new Map<string, { average: number; points: number }>();
  const inOrder = arrivals.toSorted((a, b) => a.arrivalTimeMs - b.arrivalTimeMs);
  const take = (partials: ReturnType<typeof operator.drain>) => {
    for (const { series, startMs, accumulator, contributions } of partials) {
      const [sum = Number.NaN] = accumulator;
      const row = `${series.dimensions[0]?.value} ${startMs / minuteMs}`;
      rows.set(row, { average: sum / contributions, points: contributions });
    }
  };
  for (const [index, { points, arrivalTimeMs }] of inOrder.entries()) {
    for (const each of points) {
      const origin = { sequenceNumber: String(index), arrivalTimeMs };
      const key = each.series.dimensions[0]?.value ?? '';
      const known = outcomes.get(key) ?? [];
      outcomes.set(key, [...known, operator.add(each, origin)]);
    }
    operator.endRecord();
    take(operator.drain());
  }
  take(operator.fire('shard_end', Number.POSITIVE_INFINITY));
  return { rows, outcomes };
}

/** A point every five seconds, which arrives immediately, from a clock that may be ahead. */
function device(key: string, durationMs: number, aheadMs = 0): Arrival[] {
  return Array.from({ length: durationMs / 5_000 }, (_, index) => {
    const arrivalTimeMs = index * 5_000;
    return { points: [point(arrivalTimeMs + aheadMs, 5 * index, key)], arrivalTimeMs };
  });
}

describe('a producer whose clock is ahead', () => {
  it.each([3, 10])('by %s min leaves the rows of its neighbors complete', (aheadMin) => {
    const good = device('good', 15 * minuteMs);
    const { rows, outcomes } = run([
      ...good,
      ...device('fast', 15 * minuteMs, aheadMin * minuteMs),
    ]);
    expect(rows.get('good 0')).toEqual({ average: 147.5, points: 60 });
    expect(rows.get('good 5')).toEqual({ average: 447.5, points: 60 });
    expect(rows.get('good 10')).toEqual({ average: 747.5, points: 60 });
    expect(new Set(outcomes.get('good'))).toEqual(new Set(['aggregated']));
  });

  it('by 5 min makes no point of nine others too late', () => {
    const others = Array.from({ length: 9 }, (_, index) =>
      device(`good${index}`, 30 * minuteMs),
    ).flat();
    const { outcomes } = run([...others, ...device('fast', 30 * minuteMs, 5 * minuteMs)]);
    for (const [key, became] of outcomes) {
      expect([key, became.filter((outcome) => outcome === 'too_late').length]).toEqual([key, 0]);
    }
  });

  // Goal: law 8, for any producers at all. Method: records of any points, in any order of arrival; a
  // point that the newest arrival is at most out-of-orderness and allowed lateness after is taken.
  it('never makes a point too late that arrived within out-of-orderness and lateness', () => {
    const anyRecord = fc.record({
      times: fc.array(fc.integer({ min: -900_000, max: 900_000 }), { minLength: 1, maxLength: 5 }),
      stepMs: fc.integer({ min: -5_000, max: 240_000 }),
    });
    const property = fc.property(fc.array(anyRecord, { maxLength: 40 }), (records) => {
      const operator = new WindowOperator(options);
      let newestArrivalMs = 0;
      let arrivalTimeMs = 0;
      for (const [index, { times, stepMs }] of records.entries()) {
        arrivalTimeMs += stepMs;
        newestArrivalMs = Math.max(newestArrivalMs, arrivalTimeMs);
        for (const relativeMs of times) {
          const timeMs = arrivalTimeMs + relativeMs;
          const origin = { sequenceNumber: String(index), arrivalTimeMs };
          const outcome = operator.add(point(timeMs), origin);
          const isPrompt =
            newestArrivalMs - timeMs <= options.outOfOrdernessMs + fiveMinutes.allowedLatenessMs;
          if (isPrompt) expect(outcome).not.toBe('too_late');
        }
        operator.endRecord();
      }
    });
    fc.assert(property, { numRuns: 500 });
  });
});

describe('a record of many points', () => {
  const buffer = (key: string, durationMs: number): Point[] =>
    Array.from({ length: durationMs / 5_000 }, (_, index) => point(index * 5_000, 5 * index, key));

  it('newest first, gives every window its row', () => {
    const points = buffer('a', 10 * minuteMs).toReversed();
    const { rows } = run([{ points, arrivalTimeMs: 10 * minuteMs }]);
    expect(rows.get('a 0')).toEqual({ average: 147.5, points: 60 });
    expect(rows.get('a 5')).toEqual({ average: 447.5, points: 60 });
  });

  it('of one sensor after another, gives every sensor its rows', () => {
    const points = [...buffer('a', 10 * minuteMs), ...buffer('b', 10 * minuteMs)];
    const { rows } = run([{ points, arrivalTimeMs: 10 * minuteMs }]);
    for (const key of ['a', 'b']) {
      expect(rows.get(`${key} 0`)).toEqual({ average: 147.5, points: 60 });
      expect(rows.get(`${key} 5`)).toEqual({ average: 447.5, points: 60 });
    }
  });
});

describe('a restart', () => {
  const add = (
    operator: WindowOperator,
    sequence: number,
    timeMs: number,
    arrivalTimeMs = timeMs,
  ) => operator.add(point(timeMs), { sequenceNumber: String(sequence), arrivalTimeMs });

  it('within an aggregate keeps the newest time that it has read from it', () => {
    const before = new WindowOperator(options);
    add(before, 1, 20 * minuteMs);
    // The checkpoint is between two records of one aggregate.
    const { operator } = restoreOperator(snapshotOperator(before), options);
    expect(add(operator, 1, 1 * minuteMs, 20 * minuteMs)).toBe('aggregated');
    expect(add(operator, 2, 1 * minuteMs, 21 * minuteMs)).toBe('too_late');
  });

  it('with a changed view starts it after the newest point, even one that was ahead', () => {
    const before = new WindowOperator(options);
    add(before, 1, 9 * minuteMs, 2 * minuteMs);
    before.endRecord();
    const raised = { ...options, views: [view({ ...fiveMinutesRaised })] };
    const { operator } = restoreOperator(snapshotOperator(before), raised);
    expect(add(operator, 2, 9.5 * minuteMs)).toBe('too_late');
    expect(add(operator, 3, 10 * minuteMs)).toBe('aggregated');
  });

  it('as a child shard with a changed view starts it after the newest point of all parents', () => {
    const parents = [9, 17].map((newestMin) => {
      const parent = new WindowOperator(options);
      add(parent, 1, newestMin * minuteMs, 2 * minuteMs);
      parent.endRecord();
      return snapshotOperator(parent);
    });
    const raised = { ...options, views: [view({ ...fiveMinutesRaised })] };
    const child = inheritOperator(parents, raised);
    expect(add(child, 2, 19 * minuteMs)).toBe('too_late');
    expect(add(child, 3, 20 * minuteMs)).toBe('aggregated');
  });
});

const fiveMinutesRaised = {
  revision: 2,
  window: { tumbling: '5m' },
  allowedLateness: '2m',
  aggregates: ['avg'],
};
