import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restoreOperator, snapshotOperator, type View } from '../src/index.ts';
import { SnapshotError } from '../src/errors.ts';
import { writeFrame } from '../src/snapshot/snapshot-frame.ts';
import { OperatorHarness, point, view } from './operator-harness.ts';

type Step = { readonly timeMs: number; readonly value: number; readonly key: string };

const anyStep = fc.record({
  timeMs: fc.integer({ min: 0, max: 120 }),
  value: fc.integer({ min: -100, max: 100 }).map((tenths) => tenths / 10),
  key: fc.constantFrom('a', 'b', 'c'),
});
const anySteps = fc.array(anyStep, { minLength: 1, maxLength: 80 });
const options = { outOfOrdernessMs: 15 };

/** Feeds steps in batches that end after the given indices, then everything fires. */
function run(views: readonly View[], steps: readonly Step[], batchEnds: ReadonlySet<number>) {
  const shard = new OperatorHarness(views, options);
  const outcomes: string[] = [];
  const rows = new Map<string, string>();
  const collect = (emitted: Iterable<string>) => {
    for (const text of emitted) {
      const [row = '', value = ''] = text.split('=');
      rows.set(row, value.split(' ')[0] ?? '');
    }
  };
  for (const [index, step] of steps.entries()) {
    outcomes.push(shard.add(point(step.timeMs, step.value, step.key)));
    if (batchEnds.has(index)) collect(shard.drain());
  }
  collect(shard.drain());
  collect(shard.fire('shard_end', Number.POSITIVE_INFINITY));
  return { outcomes, rows, shard };
}

describe('the window operator', () => {
  it('keeps every row of a window, however many series arrive', () => {
    const shard = new OperatorHarness([view()]);
    const keys = Array.from({ length: 100 }, (_, index) => `k${index}`);
    for (const round of [1, 2]) {
      for (const [index, key] of keys.entries()) shard.add(point(round, index, key));
    }
    const rows = keys.map((key, index) => `${key}[0,10)=${2 * index} on_time`);
    expect(shard.watermark(9)).toEqual(rows);
  });

  // Goal: batch boundaries change nothing. Method: the same points in one batch and cut anywhere
  // give the same outcomes and the same last value of every row.
  it('gives the same rows for every way to divide the points into batches', () => {
    fc.assert(
      fc.property(anySteps, fc.array(fc.nat(80)), (steps, ends) => {
        const views = [view({ allowedLateness: '20ms' })];
        const whole = run(views, steps, new Set());
        const cut = run(views, steps, new Set(ends));
        expect(cut.outcomes).toEqual(whole.outcomes);
        expect(cut.rows).toEqual(whole.rows);
      }),
    );
  });

  // Goal: a row is the sum of exactly the points that were not refused. Method: recompute from the
  // outcomes with a plain map.
  it('includes exactly the points that it accepted', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const { outcomes, rows } = run([view()], steps, new Set());
        const expected = new Map<string, number>();
        for (const [index, step] of steps.entries()) {
          if (outcomes[index] === 'too_late') continue;
          const startMs = Math.floor(step.timeMs / 10) * 10;
          const row = `${step.key}[${startMs},${startMs + 10})`;
          expected.set(row, Math.round(((expected.get(row) ?? 0) + step.value) * 10) / 10);
        }
        const got = new Map(
          [...rows].map(([row, sum]) => [row, Math.round(Number(sum) * 10) / 10]),
        );
        expect(got).toEqual(expected);
      }),
    );
  });

  // Goal: stop anywhere, restart, and the answer is the same. Method: snapshot after any point,
  // restore, go on; compare outcomes, rows and the second snapshot with a run that never stopped.
  it('continues from a snapshot at any point as if it had never stopped', () => {
    fc.assert(
      fc.property(anySteps, fc.nat(80), (steps, at) => {
        const views = [
          view({
            allowedLateness: '20ms',
            aggregates: ['avg', 'min', 'max', 'count'],
          }),
        ];
        const cut = at % steps.length;
        const straight = new OperatorHarness(views, options);
        const before = new OperatorHarness(views, options);
        let resumed = before.operator;
        for (const [index, step] of steps.entries()) {
          const added = point(step.timeMs, step.value, step.key);
          const origin = { sequenceNumber: String(index + 1), arrivalTimeMs: step.timeMs };
          expect(resumed.add(added, origin)).toBe(straight.add(added));
          resumed.endRecord();
          expect([...resumed.drain()].length).toBe(straight.drain().length);
          if (index !== cut) continue;
          const { maxFutureSkewMs } = resumed.options;
          const settings = { views, source: 's', outOfOrdernessMs: 15, maxFutureSkewMs };
          const restored = restoreOperator(snapshotOperator(resumed), settings);
          expect(restored.dropped).toEqual([]);
          resumed = restored.operator;
        }
        expect(resumed.watermarkMs).toBe(straight.operator.watermarkMs);
        expect(resumed.replayFrom).toEqual(straight.operator.replayFrom);
        const left = [...resumed.fire('shard_end', Number.POSITIVE_INFINITY)];
        const wanted = [...straight.operator.fire('shard_end', Number.POSITIVE_INFINITY)];
        expect(left).toEqual(wanted);
      }),
    );
  });

  it('holds no series and no row after the watermark has passed every cleanup time', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const { shard } = run([view({ allowedLateness: '20ms' })], steps, new Set());
        shard.watermark(1_000);
        expect(shard.operator.openRows).toBe(0);
        expect(shard.operator.series.size).toBe(0);
        expect(shard.operator.replayFrom).toBeUndefined();
      }),
    );
  });

  // Goal: a row of a new revision has all the points of its window, because it replaces one that
  // may have them all. Method: change the revision after a point in one window. That window accepts
  // no more points, and later ones do.
  it('starts a changed view with the first window that it sees completely, and remembers it', () => {
    const shard = new OperatorHarness([view()]);
    shard.add(point(15));
    const settings = { source: 's', outOfOrdernessMs: 0, maxFutureSkewMs: 1e9 };
    const views = [view({ revision: 2, aggregates: ['min'] })];
    const changed = restoreOperator(snapshotOperator(shard.operator), { ...settings, views });
    const { operator } = restoreOperator(snapshotOperator(changed.operator), {
      ...settings,
      views,
    });
    const origin = { sequenceNumber: '9', arrivalTimeMs: 0 };
    const outcomes = [16, 19, 20].map((timeMs) => operator.add(point(timeMs), origin));
    expect(outcomes).toEqual(['too_late', 'too_late', 'aggregated']);
    const rows = [...operator.fire('shard_end', Number.POSITIVE_INFINITY)];
    expect(rows.map(({ revision, startMs }) => [revision, startMs])).toEqual([[2, 20]]);
  });

  it('rejects a snapshot of a view that computed something else under the same revision', () => {
    const shard = new OperatorHarness([view()]);
    shard.add(point(5));
    const snapshot = snapshotOperator(shard.operator);
    const settings = { source: 's', outOfOrdernessMs: 0, maxFutureSkewMs: 0 };
    const changed = [view({ aggregates: ['min'] })];
    expect(() => restoreOperator(snapshot, { ...settings, views: changed })).toThrow(
      /it was .*"sum".*\n.*it is .*"min".*\ngive it a higher revision/,
    );
    const { dropped } = restoreOperator(snapshot, { ...settings, views: [view({ revision: 2 })] });
    expect(dropped).toEqual([{ view: 'v', rowsCount: 1 }]);
  });

  describe('rejects a snapshot', () => {
    const settings = { views: [view()], source: 's', outOfOrdernessMs: 0, maxFutureSkewMs: 0 };
    const taken = (): Uint8Array => {
      const shard = new OperatorHarness([view()]);
      shard.add(point(5));
      return snapshotOperator(shard.operator);
    };

    it.each([
      ['of nothing', new Uint8Array()],
      ['of noise', new Uint8Array(64).fill(7)],
      ['of a format before', new TextEncoder().encode(`\u0010\0\0\0\0\0\0\0{"format":2    }`)],
    ])('%s', (_, bytes) => {
      expect(() => restoreOperator(bytes, settings)).toThrow(/not a snapshot of open windows/);
    });

    it('of a future format, naming both', () => {
      const bytes = writeFrame({ header: '{"format":99}', arrays: [] });
      expect(() => restoreOperator(bytes, settings)).toThrow(/has format 99, .* reads format 4/);
    });

    it('of another shard, naming both', () => {
      const other = { ...settings, source: 't' };
      expect(() => restoreOperator(taken(), other)).toThrow(/it belongs to shard s, not to t/);
    });

    it('with an incomplete header, naming what is missing', () => {
      const bytes = writeFrame({ header: '{"format":3,"source":"s"}', arrays: [] });
      expect(() => restoreOperator(bytes, settings)).toThrow(/watermarkMs/);
    });

    // Changed bits are seen by the SHA-256 in the lease. The last array may end with 4 bytes of nothing.
    it('that is truncated', () => {
      const whole = taken();
      for (let length = 0; length < whole.length - 4; length++) {
        expect(() => restoreOperator(whole.slice(0, length), settings)).toThrow(SnapshotError);
      }
      expect(restoreOperator(whole, settings).operator.openRows).toBe(1);
    });
  });
});

// Goal: an upgrade loses and doubles no point. Method: a snapshot as the format before wrote it, with
// one row for BIGINT, one for DOUBLE and one for an empty dimension, which are one row now.
it('adds up rows of the previous format that are now one row, and emits them again', () => {
  const settings = { source: 's', outOfOrdernessMs: 0, maxFutureSkewMs: 0 };
  const one = view({ aggregates: ['avg'], allowedLateness: '1m' });
  const texts = ['m', 'site', 'oslo', 'room', ''];
  const header = {
    format: 3,
    source: 's',
    sequenceNumber: '7',
    watermarkMs: 19,
    series: { texts, dimensions: [1, 2, 3, 4], numbersCount: 13 },
    views: [
      {
        name: one.name,
        revision: one.revision,
        definition: one.definition,
        beginsAtMs: null,
        slices: [
          {
            startMs: 0,
            endMs: 10,
            rowsCount: 3,
            cellsCount: 15,
            listsCount: 0,
            sequenceNumber: '1',
            originWatermarkMs: null,
          },
        ],
        windows: [
          { startMs: 0, endMs: 10, isPassed: true, lateCount: 4, emittedCount: 0, dueCount: 0 },
        ],
      },
    ],
  };
  const row = (count: number, sum: number) => [count, 9, 11, sum, 0];
  const arrays = [
    // Type, measure name, how many dimensions, and which.
    Int32Array.of(1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1),
    Float64Array.of(...row(1, 10), ...row(2, 51), ...row(1, 3)),
    new Float64Array(),
    Int32Array.of(0, 1, 2),
    Int32Array.of(0, 1, 2, 1),
    new Int32Array(),
    new Int32Array(),
  ];
  const snapshot = writeFrame({ header: JSON.stringify(header), arrays });
  // 0.1 wrote a checksum there.
  snapshot.set([1, 2, 3, 4], 4);
  const { operator, dropped } = restoreOperator(snapshot, { ...settings, views: [one] });
  expect(dropped).toEqual([]);
  expect([operator.openRows, operator.series.size]).toEqual([1, 1]);
  expect([operator.watermarkMs, operator.newestEventTimeMs]).toEqual([19, 20]);
  const [partial, ...others] = operator.drain();
  expect(others).toEqual([]);
  expect(partial).toMatchObject({
    series: {
      measureName: 'm',
      measureValueType: 'DOUBLE',
      dimensions: [{ name: 'site', value: 'oslo' }],
    },
    accumulator: [64, 0],
    contributions: 4,
    lateContributions: 2,
    firing: 'late',
  });
  expect([...operator.drain()]).toEqual([]);
});
