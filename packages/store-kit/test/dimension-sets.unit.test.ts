import type { Dimension } from '@highwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DimensionSets } from '../src/dimension-sets.ts';

/**
 * Few names and values, so many lists are equal sets, and lists with different names share a hash.
 */
const anyDimension = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
  value: fc.constantFrom('', 'x', 'y'),
});
const anyList = fc.uniqueArray(anyDimension, { maxLength: 3, selector: ({ name }) => name });

const canonicalText = (list: readonly Dimension[]) =>
  JSON.stringify(
    list
      .filter(({ value }) => value !== '')
      .map(({ name, value }) => [name, value])
      .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  );

describe('the dimension sets of a write call', () => {
  // Goal: one set for equal dimensions, however a row gives them, and however many share a hash.
  // Method: compare with a plain map keyed by the canonical text.
  it('maps equal dimensions to one set, and different dimensions to different sets', () => {
    const property = fc.property(fc.array(anyList, { minLength: 50, maxLength: 100 }), (lists) => {
      const sets = new DimensionSets();
      const byText = new Map<string, unknown>();
      const wrong: unknown[] = [];
      for (const list of lists) {
        const set = sets.of(list);
        const text = canonicalText(list);
        if (!byText.has(text)) byText.set(text, set);
        if (byText.get(text) !== set || canonicalText(set.dimensions) !== text) wrong.push(list);
      }
      expect(wrong).toEqual([]);
      expect(new Set(byText.values()).size).toBe(byText.size);
    });
    fc.assert(property, { numRuns: 50 });
  });
});
