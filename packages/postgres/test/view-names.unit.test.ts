import fc from 'fast-check';
import { expect, it } from 'vitest';
import { columnName, safeName } from '../src/schema/view-names.ts';

const anyName = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }),
  fc.constantFrom('time', 'value', 'version', 'é'.repeat(32), 'é'.repeat(33), 'x'.repeat(64)),
);

it('makes names that PostgreSQL takes whole', () => {
  const property = fc.property(anyName, (name) => {
    const safe = safeName(name);
    expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(63);
    if (Buffer.byteLength(name) <= 63) expect(safe).toBe(name);
  });
  fc.assert(property, { numRuns: 1_000 });
});

it('makes another name for each of several columns', () => {
  const property = fc.property(fc.uniqueArray(anyName, { maxLength: 20 }), (names) => {
    const taken = new Set(['time', 'value', 'version']);
    for (const name of names) {
      const column = columnName(name, taken);
      expect(taken.has(column)).toBe(false);
      expect(Buffer.byteLength(column)).toBeLessThanOrEqual(63);
      taken.add(column);
    }
  });
  fc.assert(property, { numRuns: 1_000 });
});

it('tells a dimension called like the name for another apart', () => {
  const taken = new Set(['value', 'dimension_value']);
  expect(columnName('value', taken)).toMatch(/^dimension_value_[0-9a-f]{8}$/);
});
