import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PythonRandom } from '../src/python-random.ts';
import { withDuplicates } from '../src/with-duplicates.ts';

describe('withDuplicates', () => {
  // Goal: every record is sent, in order, and some are repeated later. Method: first occurrences
  // equal the input, and the number of the others equals the count.
  it('keeps every record and repeats some after their original', () => {
    const property = fc.property(
      fc.nat({ max: 3_000 }),
      fc.integer({ min: 0, max: 100 }),
      fc.nat(),
      (count, percent, seed) => {
        const records = Array.from({ length: count }, (_, i) => ({
          partitionKey: String(i),
          data: Buffer.of(),
        }));
        let counted = 0;
        const sent = [
          ...withDuplicates(records, percent, new PythonRandom([seed]), () => counted++),
        ];
        expect([...new Set(sent)]).toEqual(records);
        expect(sent).toHaveLength(count + counted);
        expect(counted > 0 || percent < 100 || count === 0).toBe(true);
      },
    );
    fc.assert(property, { numRuns: 50 });
  });
});
