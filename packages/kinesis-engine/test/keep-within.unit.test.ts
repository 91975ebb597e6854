import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepWithin } from '../src/keep-within.ts';
import { MemoryBudget } from '../src/memory-budget.ts';
import { RecordLog } from '../src/record-log.ts';

const runBytesMax = 2 ** 20;

/** Arrival times of everything in a log. */
function arrivalsOf(log: RecordLog): readonly number[] {
  const { records } = log.read(0, { recordsMax: 100_000, bytesMax: 2 ** 40 });
  return records.map(({ arrivalMs }) => arrivalMs);
}

describe('keepWithin', () => {
  // Goal: a limit costs the oldest records, no more of them than needed, and never leaves a gap.
  // Method: append records to logs in random order, limit them, and inspect the rest.
  it('drops the oldest records of all logs, in runs, and no more than necessary', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ log: fc.nat(2), bytes: fc.nat(400_000) }), { maxLength: 60 }),
        fc.nat(8 * 2 ** 20),
        (puts, bytesMax) => {
          const budget = new MemoryBudget(2 ** 30);
          const logs = Array.from({ length: 3 }, () => new RecordLog({ budget }));
          for (const [arrivalMs, { log, bytes }] of puts.entries()) {
            logs[log]?.append({ arrivalMs, partitionKey: 'k', data: Buffer.alloc(bytes) });
          }
          const before = logs.map(arrivalsOf);
          const keptBytes = () => logs.reduce((sum, log) => sum + log.keptBytes, 0);
          const keptBefore = keptBytes();

          const forgottenBytes = keepWithin(logs, bytesMax);

          expect(keptBytes()).toBe(keptBefore - forgottenBytes);
          for (const [i, log] of logs.entries()) {
            const left = arrivalsOf(log);
            expect(left).toEqual(before[i]?.slice(-left.length || Infinity));
          }
          const canForget = logs.filter((log) => log.canForget);
          if (canForget.length > 0) expect(keptBytes()).toBeLessThanOrEqual(bytesMax);
          if (forgottenBytes > 0) {
            expect(keptBytes()).toBeGreaterThan(bytesMax - runBytesMax);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('drops nothing within the limit', () => {
    const log = new RecordLog({ budget: new MemoryBudget(2 ** 30) });
    for (let i = 0; i < 10; i += 1) {
      log.append({ arrivalMs: i, partitionKey: 'k', data: Buffer.alloc(100_000) });
    }
    expect(keepWithin([log], log.keptBytes)).toBe(0);
    expect(keepWithin([log], log.keptBytes - 1)).toBeGreaterThan(0);
  });
});
