import { parseMetrics } from '@highwater/service';
import { describe, expect, it } from 'vitest';
import { sumOf, valuesOf } from '../src/metric-values.ts';

describe('sumOf', () => {
  const samples = parseMetrics('m{a="1",b="x"} 2\nm{a="2",b="x"} 3\nn 5\n');

  it('adds the samples whose labels match', () => {
    expect(sumOf(samples, 'm')).toBe(5);
    expect(sumOf(samples, 'm', { a: '2', b: 'x' })).toBe(3);
  });

  it('is 0, with no values, for a missing metric', () => {
    expect(sumOf(samples, 'o')).toBe(0);
    expect(valuesOf(samples, 'o')).toEqual([]);
  });
});
