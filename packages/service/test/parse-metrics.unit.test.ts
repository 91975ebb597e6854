import { Counter, Gauge, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { parseMetrics } from '../src/parse-metrics.ts';

describe('parseMetrics', () => {
  it('reads the output of the client library, even with unusual label values', async () => {
    const registry = new Registry();
    const odd = 'a "quoted", {braced} \\ value\nof two lines';
    new Counter({ name: 'c_total', help: 'c', labelNames: ['l'], registers: [registry] }).inc(
      { l: odd },
      3,
    );
    new Gauge({ name: 'g', help: 'g', registers: [registry] }).set(-1.5e-7);
    expect(parseMetrics(await registry.metrics())).toEqual([
      { name: 'c_total', labels: { l: odd }, value: 3 },
      { name: 'g', labels: {}, value: -1.5e-7 },
    ]);
  });

  it('skips lines that are not samples, buckets, and values that are not finite', () => {
    const text =
      '# HELP a b\n\nnot a sample\nh_bucket{le="1"} 4\nh_max +Inf\nh_min -Inf\nh_mean NaN\nh_sum 2';
    expect(parseMetrics(text)).toEqual([{ name: 'h_sum', labels: {}, value: 2 }]);
  });
});
