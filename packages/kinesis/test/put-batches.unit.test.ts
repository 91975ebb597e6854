import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  batchBytesMax,
  batchRecordsMax,
  putBatches,
  recordBytes,
} from '../src/producing/put-batches.ts';

const bytesOf = (records: readonly { partitionKey: string; data: Uint8Array }[]) =>
  records.reduce((sum, record) => sum + recordBytes(record), 0);

describe('putBatches', () => {
  // Goal: as few calls as the limits allow. Method: no batch breaks a limit, no batch could have
  // included the first record of the next one, and together they are the records in their order.
  it('makes full batches within both limits, in order', () => {
    const anyBytes = fc.oneof(
      { weight: 9, arbitrary: fc.constant(1) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 1024 * 1024 - 4 }) },
    );
    const large = new Uint8Array(1024 * 1024);
    fc.assert(
      fc.property(fc.array(anyBytes, { maxLength: 1_200, size: 'max' }), (sizes) => {
        const records = sizes.map((size, index) => ({
          partitionKey: `${index % 7}é`,
          data: large.subarray(0, size),
        }));
        const batches = putBatches(records);
        expect(batches.flat()).toEqual(records);
        for (const [index, batch] of batches.entries()) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(batchRecordsMax);
          expect(bytesOf(batch)).toBeLessThanOrEqual(batchBytesMax);
          const next = batches[index + 1]?.[0];
          const isFull =
            !next ||
            batch.length === batchRecordsMax ||
            bytesOf(batch) + recordBytes(next) > batchBytesMax;
          expect(isFull).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('counts the partition key in bytes, not in characters', () => {
    expect(recordBytes({ partitionKey: 'é', data: new Uint8Array(3) })).toBe(5);
  });
});
