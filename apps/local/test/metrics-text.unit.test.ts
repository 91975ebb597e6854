import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { parseMetrics, sumOf, valuesOf } from '../src/metrics-text.ts';

describe('parseMetrics', () => {
  it('reads what a registry writes', async () => {
    const registry = new Registry();
    const registers = [registry];
    new Counter({ name: 'a_total', help: 'x', labelNames: ['k'], registers }).inc({ k: 'v' }, 3);
    new Gauge({ name: 'b', help: 'x', registers }).set(-1.5e-7);
    new Histogram({ name: 'c', help: 'x', buckets: [1], registers }).observe(2);
    expect(parseMetrics(await registry.metrics())).toEqual([
      { name: 'a_total', labels: { k: 'v' }, value: 3 },
      { name: 'b', labels: {}, value: -1.5e-7 },
      { name: 'c_bucket', labels: { le: '1' }, value: 0 },
      { name: 'c_bucket', labels: { le: '+Inf' }, value: 1 },
      { name: 'c_sum', labels: {}, value: 2 },
      { name: 'c_count', labels: {}, value: 1 },
    ]);
  });

  it('keeps apart labels whose values hold quotes, commas and braces', () => {
    expect(parseMetrics('m{a="x\\",b=\\"}",c="y"} 1')).toEqual([
      { name: 'm', labels: { a: 'x\\",b=\\"}', c: 'y' }, value: 1 },
    ]);
  });

  it('leaves out what is no sample', () => {
    expect(parseMetrics('# HELP m x\n\nnonsense\n')).toEqual([]);
  });
});

describe('sumOf', () => {
  const samples = parseMetrics('m{a="1",b="x"} 2\nm{a="2",b="x"} 3\nn 5\n');

  it('adds the samples whose labels match', () => {
    expect(sumOf(samples, 'm')).toBe(5);
    expect(sumOf(samples, 'm', { a: '2', b: 'x' })).toBe(3);
  });

  it('is 0, with no values, for a metric that is not there', () => {
    expect(sumOf(samples, 'o')).toBe(0);
    expect(valuesOf(samples, 'o')).toEqual([]);
  });
});
