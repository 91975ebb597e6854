import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AccumulatorLayout, aggregates } from '../src/index.ts';

const layout = new AccumulatorLayout(aggregates);

function fold(values: readonly number[]): number[] {
  const cells = Array.from({ length: layout.cellsCount }, () => 0);
  layout.clear(cells, 0);
  for (const value of values) layout.add(cells, 0, value);
  return cells;
}

function merged(parts: readonly (readonly number[])[]): number[] {
  const cells = fold([]);
  for (const part of parts) layout.merge(cells, 0, part);
  return cells;
}

/** Readings as sensors give them: decimals of a few digits. */
const anyReading = fc
  .integer({ min: -1_000_000_000, max: 1_000_000_000 })
  .map((thousandths) => thousandths / 1_000);
const anyReadings = fc.array(anyReading, { minLength: 1, maxLength: 50 });

/** The sum of doubles without any rounding but the last: over the integers. */
function exactSum(values: readonly number[]): number {
  const scale = 2 ** 80;
  const total = values.reduce((sum, value) => {
    const whole = Math.trunc(value);
    return sum + BigInt(whole) * BigInt(scale) + BigInt((value - whole) * scale);
  }, 0n);
  return Number(total) / scale;
}

describe('accumulators', () => {
  it('compute every aggregate of the values', () => {
    fc.assert(
      fc.property(anyReadings, (values) => {
        const cells = fold(values);
        const result = (name: (typeof aggregates)[number]) =>
          layout.result(name, cells, values.length);
        expect(result('count')).toBe(values.length);
        expect(result('min')).toBe(Math.min(...values));
        expect(result('max')).toBe(Math.max(...values));
        expect(result('sum') + 0).toBe(exactSum(values) + 0);
        expect(result('avg') + 0).toBe(exactSum(values) / values.length + 0);
      }),
    );
  });

  // Goal: the order of points and of shards does not matter, to the last bit. Method: shuffle, cut
  // into parts anywhere, merge the parts in another order; all cells stay equal.
  it('merge to the same cells whatever the order and the parts', () => {
    fc.assert(
      fc.property(anyReadings, fc.infiniteStream(fc.nat(4)), (values, parts) => {
        const byPart: number[][] = [[], [], [], [], []];
        for (const value of values) byPart[parts.next().value ?? 0]?.push(value);
        const folded = byPart.filter((part) => part.length > 0).map(fold);
        expect(merged(folded)).toEqual(fold(values));
        expect(merged(folded.toReversed())).toEqual(fold(values.toReversed()));
        expect(fold(values.toReversed())).toEqual(fold(values));
      }),
    );
  });

  it.each([
    { values: [1, 1e100, 1, -1e100], sum: 2 },
    { values: [1e20, 0.1, -1e20], sum: 0.1 },
    { values: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], sum: 1 },
    { values: [0.1, 0.2, 0.3], sum: 0.6 },
  ])('sum $values to $sum', ({ values, sum }) => {
    expect(layout.result('sum', fold(values), values.length)).toBe(sum);
  });

  it('give a result that is not finite when the sum leaves the range of doubles', () => {
    const cells = fold([1.7e308, 1.7e308]);
    expect(Number.isFinite(layout.result('avg', cells, 2))).toBe(false);
  });
});
