import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LeastFirst } from '../src/index.ts';

test('the lowest item is returned first, whenever items are added and removed', () => {
  const anyStep = fc.option(fc.integer({ min: -20, max: 20 }), { nil: undefined });
  const property = fc.property(fc.array(anyStep, { maxLength: 200, size: 'max' }), (steps) => {
    const items = new LeastFirst<number>((a, b) => a < b);
    let sorted: number[] = [];
    for (const step of steps) {
      if (step === undefined) {
        expect(items.take()).toBe(sorted[0]);
        sorted = sorted.slice(1);
      } else {
        items.add(step);
        sorted = [...sorted, step].toSorted((a, b) => a - b);
      }
      expect([items.size, items.least]).toEqual([sorted.length, sorted[0]]);
    }
  });
  fc.assert(property);
});

test('many items are compared a few times each', () => {
  let asked = 0;
  const items = new LeastFirst<number>((a, b) => {
    asked += 1;
    return a < b;
  });
  const count = 4_096;
  for (let item = count; item > 0; item--) items.add(item);
  while (items.size > 0) items.take();
  expect(asked).toBeLessThanOrEqual(3 * count * Math.log2(count));
});
