import type { Series } from '@highwater/model';
import { silentLogger } from '@highwater/testkit';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { ClockAhead } from '../src/clock-ahead.ts';
import { defineAggregatorMetrics } from '../src/metrics.ts';

const series = (site: string): Series => ({
  measureName: 'm',
  measureValueType: 'DOUBLE',
  dimensions: [{ name: 'site', value: site }],
});

class Harness {
  readonly metrics = defineAggregatorMetrics(new Registry());
  readonly warnings: unknown[] = [];
  readonly clocks = new ClockAhead('s1', this.metrics, {
    ...silentLogger,
    warn: (fields: unknown) => void this.warnings.push(fields),
  });

  async values() {
    const { clockAheadPoints, clockAheadMax } = this.metrics;
    const [points, furthest] = await Promise.all([clockAheadPoints.get(), clockAheadMax.get()]);
    return [points.values[0]?.value, furthest.values[0]?.value];
  }
}

describe('clocks that are ahead', () => {
  it('are counted, and the one furthest ahead in the last minute is named', async () => {
    const harness = new Harness();
    const { clocks, warnings } = harness;
    clocks.note(series('oslo'), 61_000, 1_000);
    clocks.note(series('bergen'), 301_000, 1_000);
    clocks.note(series('bodø'), 5_000, 1_000);
    clocks.report(0);
    expect(await harness.values()).toEqual([3, 300]);
    expect(warnings).toEqual([
      {
        shardId: 's1',
        pointsCount: 3,
        furthestMs: 300_000,
        measureName: 'm',
        dimensions: 'site=bergen',
      },
    ]);
  });

  it('are reported once per minute, and forgotten when they are right again', async () => {
    const harness = new Harness();
    harness.clocks.note(series('oslo'), 61_000, 1_000);
    harness.clocks.report(0);
    harness.clocks.note(series('oslo'), 62_000, 1_000);
    harness.clocks.report(59_999);
    expect(await harness.values()).toEqual([1, 60]);
    harness.clocks.report(60_000);
    expect(await harness.values()).toEqual([2, 61]);
    harness.clocks.report(120_000);
    expect(await harness.values()).toEqual([2, 0]);
    expect(harness.warnings).toHaveLength(2);
  });

  it('do not include clocks that differ by less than a second, or are behind', async () => {
    const harness = new Harness();
    harness.clocks.note(series('oslo'), 1_999, 1_000);
    harness.clocks.note(series('oslo'), 0, 600_000);
    harness.clocks.report(0);
    expect(await harness.values()).toEqual([0, 0]);
    expect(harness.warnings).toEqual([]);
  });
});
