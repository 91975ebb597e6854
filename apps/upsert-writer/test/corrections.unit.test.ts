import type { Row, WindowPartial } from '@highwater/model';
import { MemoryStore, SimulatedClock, silentLogger } from '@highwater/testkit';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { Corrections } from '../src/corrections.ts';
import { defineUpsertWriterMetrics } from '../src/metrics.ts';
import { partial, UpsertHarness } from './harness.ts';

/** A writer that records its corrections. */
function correctedWriter(
  options: { perSecondMax?: number; isBroken?: boolean; view?: object } = {},
) {
  const published: Row[] = [];
  const clock = new SimulatedClock(0);
  const store = new MemoryStore();
  const registry = new Registry();
  const corrections = new Corrections({
    store: {
      write: async (rows, signal) => {
        if (options.isBroken) throw new Error('writing: no such table');
        published.push(...rows);
        return store.write(rows, signal);
      },
    },
    perSecondMax: options.perSecondMax ?? 100,
    metrics: defineUpsertWriterMetrics(registry),
    clock,
    log: silentLogger,
  });
  const outcomes = async () => {
    const values = (await registry.getSingleMetric('upsert_writer_corrections_total')?.get())
      ?.values;
    return Object.fromEntries(values?.map(({ labels, value }) => [labels['outcome'], value]) ?? []);
  };
  return {
    harness: new UpsertHarness({ corrections, ...(options.view ? { view: options.view } : {}) }),
    published,
    outcomes,
    clock,
  };
}

const late = (contributions: number, rest: Partial<WindowPartial>): WindowPartial => ({
  ...partial('s1', contributions, { firing: 'late' }),
  ...rest,
});

describe('publishing corrections', () => {
  it('writes the same corrections for a view that fills gaps', async () => {
    const view = { fill: { method: 'linear', maxGap: '10s' } };
    const { harness, published } = correctedWriter({ view });
    await harness.deliver(partial('s1', 3));
    await harness.deliver(late(4, { accumulator: [7, 0], lateContributions: 1 }));
    expect(published).toMatchObject([{ measureValueType: 'VARCHAR', attributes: undefined }]);
  });

  it('includes the row before and after, and how late the points arrived', async () => {
    const { harness, published } = correctedWriter();
    await harness.deliver(partial('s1', 3));
    await harness.deliver(
      late(4, { accumulator: [7, 0], lateContributions: 1, newestArrivalTimeMs: 42_000 }),
    );
    expect(published.map(({ measureName, time }) => ({ measureName, time }))).toEqual([
      { measureName: 'avg_m', time: '42000' },
    ]);
    expect(JSON.parse(published[0]?.measureValue ?? '')).toEqual({
      from: 1,
      to: 1.75,
      points: 4,
      added: 1,
      late: 1,
      lateByMs: 32_000,
    });
    expect(published[0]?.dimensions.map(({ name }) => name)).toEqual([
      'series',
      'window_end',
      'window_start',
    ]);
  });

  it('publishes nothing while other sources are completing a row', async () => {
    const { harness, published } = correctedWriter();
    await harness.deliver(partial('s1', 3));
    await harness.deliver(partial('s2', 3));
    expect(published).toEqual([]);
  });

  it('compares with the stored row, however many partials a batch contains', async () => {
    const { harness, published } = correctedWriter();
    await harness.deliver(partial('s1', 2));
    await harness.deliver(
      late(3, { accumulator: [6, 0], lateContributions: 1 }),
      late(4, { accumulator: [8, 0], lateContributions: 2 }),
    );
    expect(published.map(({ measureValue }) => JSON.parse(measureValue) as unknown)).toMatchObject([
      { from: 1, to: 2, added: 2, late: 2 },
    ]);
  });

  it('publishes nothing for a partial that changes nothing', async () => {
    const { harness, published } = correctedWriter();
    await harness.deliver(partial('s1', 4));
    await harness.deliver(late(3, { lateContributions: 1 }));
    expect(published).toEqual([]);
  });

  it('drops corrections beyond its rate, and continues a second later', async () => {
    const { harness, published, outcomes, clock } = correctedWriter({ perSecondMax: 1 });
    await harness.deliver(partial('s1', 1));
    for (const contributions of [2, 3]) {
      await harness.deliver(late(contributions, { lateContributions: contributions - 1 }));
    }
    expect(await outcomes()).toEqual({ published: 1, skipped: 1 });
    await clock.advance(1_000);
    await harness.deliver(late(4, { lateContributions: 3 }));
    expect(published).toHaveLength(2);
  });

  it('does not delay the rows when its table is gone', async () => {
    const { harness, outcomes } = correctedWriter({ isBroken: true });
    await harness.deliver(partial('s1', 1));
    await harness.deliver(late(2, { accumulator: [6, 0], lateContributions: 1 }));
    expect(harness.rows()).toEqual({ 'a|10000': '3' });
    expect(await outcomes()).toEqual({ failed: 1 });
  });
});
