import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restoreOperator, snapshotOperator, type View } from '../src/index.ts';
import { OperatorHarness, point, view } from './operator-harness.ts';

const minuteMs = 60_000;

describe('early', () => {
  const hours = (definition = {}) => view({ window: { tumbling: '1h' }, ...definition });

  it('emits changed rows of open windows, at the configured interval', () => {
    const shard = new OperatorHarness([hours({ early: '10s' })]);
    const nowMs = 50 * minuteMs;
    expect(shard.element(1)).toEqual([]);
    expect(shard.tick(nowMs)).toEqual(['a[0,3600000)=1 early']);
    shard.element(2);
    expect(shard.tick(nowMs + 9_999)).toEqual([]);
    expect(shard.tick(nowMs + 10_000)).toEqual(['a[0,3600000)=2 early']);
    expect(shard.tick(nowMs + 20_000)).toEqual([]);
    shard.element(3);
    expect(shard.watermark(60 * minuteMs)).toEqual(['a[0,3600000)=3 on_time']);
  });

  it('emits nothing twice: a row that has not changed since is not fired at its end', () => {
    const shard = new OperatorHarness([hours({ early: '10s' })]);
    shard.element(1);
    expect(shard.tick(50 * minuteMs)).toHaveLength(1);
    expect(shard.watermark(60 * minuteMs)).toEqual([]);
  });

  it('waits until the time of a row is close enough for the store', () => {
    const shard = new OperatorHarness([hours({ early: '10s' })]);
    shard.element(1);
    expect(shard.tick(45 * minuteMs)).toEqual([]);
    expect(shard.operator.earlyWaitingRows(45 * minuteMs)).toBe(1);
    expect(shard.operator.earlyWaitingRows(46 * minuteMs)).toBe(0);
    expect(shard.tick(46 * minuteMs)).toHaveLength(1);
  });

  it('does not wait if the time of a row is the start of its window', () => {
    const shard = new OperatorHarness([hours({ early: '10s', output: { time: 'start' } })]);
    shard.element(1);
    expect(shard.tick(0)).toHaveLength(1);
  });

  it('continues when the clock is set back', () => {
    const shard = new OperatorHarness([hours({ early: '10s', output: { time: 'start' } })]);
    shard.element(1);
    expect(shard.tick(minuteMs)).toHaveLength(1);
    shard.element(2);
    expect(shard.tick(0)).toHaveLength(1);
  });
});

describe('late.coalesce', () => {
  const coalesced = view({ allowedLateness: '100ms', late: { coalesce: '1s' } });

  it('fires windows immediately, and their corrections by the clock', () => {
    const shard = new OperatorHarness([coalesced]);
    shard.element(5);
    expect(shard.watermark(9)).toEqual(['a[0,10)=1 on_time']);
    expect(shard.element(6)).toEqual([]);
    expect(shard.element(7)).toEqual([]);
    expect(shard.tick(0)).toEqual(['a[0,10)=3 late']);
    expect(shard.element(8)).toEqual([]);
    expect(shard.tick(999)).toEqual([]);
    expect(shard.tick(1_000)).toEqual(['a[0,10)=4 late']);
  });

  it('emits waiting corrections when the window becomes final', () => {
    const shard = new OperatorHarness([coalesced]);
    shard.element(5);
    shard.watermark(9);
    shard.element(6);
    expect(shard.watermark(109)).toEqual(['a[0,10)=2 late']);
  });

  it('emits waiting corrections at the end of the shard', () => {
    const shard = new OperatorHarness([coalesced]);
    shard.element(5);
    shard.watermark(9);
    shard.element(6);
    expect(shard.fire('shard_end', Number.POSITIVE_INFINITY)).toEqual(['a[0,10)=2 shard_end']);
  });
});

type Step =
  | { readonly type: 'point'; readonly timeMs: number; readonly key: string }
  | { readonly type: 'batchEnd' | 'tick' | 'restart' };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('point' as const),
      timeMs: fc.integer({ min: 0, max: 120 }),
      key: fc.constantFrom('a', 'b'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom('batchEnd', 'tick', 'restart').map((type) => ({ type })),
  },
);

/** Runs the steps and lets the watermark pass everything: the last value of each row. */
function run(one: View, steps: readonly Step[]): ReadonlyMap<string, string> {
  const { options } = new OperatorHarness([one]).operator;
  let { operator } = new OperatorHarness([one]);
  const rows = new Map<string, string>();
  const take = (partials: ReturnType<typeof operator.drain>) => {
    for (const { series, startMs, contributions, accumulator } of partials) {
      const row = `${series.dimensions[0]?.value}|${startMs}`;
      rows.set(row, `${contributions} ${accumulator[0]}`);
    }
  };
  for (const [index, step] of [
    ...steps,
    { type: 'point', timeMs: 10_000, key: 'z' } as const,
  ].entries()) {
    if (step.type === 'point') {
      const origin = { sequenceNumber: String(index + 1), arrivalTimeMs: step.timeMs };
      operator.add(point(step.timeMs, index + 1, step.key), origin);
      operator.endRecord();
      continue;
    }
    take(operator.drain());
    if (step.type === 'tick') take(operator.tick(index * 1_000));
    if (step.type === 'restart') {
      operator = restoreOperator(snapshotOperator(operator), options).operator;
    }
  }
  take(operator.drain());
  return rows;
}

// Goal: the clock only decides when rows are emitted, and no waiting row is lost. Method: the same
// points with early results and coalesced corrections, with ticks, ends of batches, and restarts
// from snapshots anywhere, end with the rows of a view that has neither.
it('ends with the same rows whenever the clock ticks and the process restarts', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
      const plain = run(view({ allowedLateness: '30ms' }), steps);
      const clocked = { allowedLateness: '30ms', early: '1s', late: { coalesce: '2s' } };
      expect(run(view(clocked), steps)).toEqual(plain);
    }),
    { numRuns: 300 },
  );
});
