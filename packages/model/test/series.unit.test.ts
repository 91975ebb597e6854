import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sortDimensions, type Dimension } from '../src/index.ts';

const anyName = fc.oneof(fc.string({ maxLength: 3, unit: 'binary' }), fc.constantFrom('a', 'b'));

test('dimensions are sorted by name, however many, and equal names stay in their order', () => {
  const property = fc.property(fc.array(anyName, { maxLength: 100, size: 'max' }), (names) => {
    const given = names.map((name, index) => ({ name, value: String(index) }));
    const sorted = given.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    expect(sortDimensions([...given])).toEqual(sorted);
  });
  fc.assert(property);
});

test('many dimensions in the worst order are not compared each with each', () => {
  const count = 2_000;
  let asked = 0;
  const dimensions = Array.from({ length: count }, (_, index): Dimension => ({
    get name() {
      asked += 1;
      return String(count - index).padStart(6, '0');
    },
    value: '',
  }));
  sortDimensions(dimensions);
  // Two comparisons of two names for each step of a sort.
  expect(asked).toBeLessThanOrEqual(4 * count * Math.ceil(Math.log2(count)));
});
