import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeUnits, toNanoseconds, type TimeUnit } from '../src/index.ts';
import { toMilliseconds } from '../src/time-unit.ts';

const nanosecondsPerMs = 1_000_000n;

describe('times', () => {
  it('are the floor of the exact time in milliseconds, in every unit', () => {
    const anyUnit = fc.constantFrom<TimeUnit>(...timeUnits);
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 50n), max: 2n ** 50n }), anyUnit, (time, unit) => {
        const exact = toNanoseconds(String(time), unit);
        const timeMs = toMilliseconds(String(time), unit);
        if (Number.isNaN(timeMs)) {
          expect(exact / nanosecondsPerMs > BigInt(Number.MAX_SAFE_INTEGER) || exact < 0n).toBe(
            true,
          );
          return;
        }
        const rest = exact - BigInt(timeMs) * nanosecondsPerMs;
        expect(rest >= 0n && rest < nanosecondsPerMs).toBe(true);
      }),
    );
  });

  it.each([
    ['1', 'SECONDS', 1000],
    ['-1', 'NANOSECONDS', -1],
    ['-1000', 'MICROSECONDS', -1],
    ['999999', 'NANOSECONDS', 0],
    ['1700000000123456789', 'NANOSECONDS', 1_700_000_000_123],
    ['99999999999999999', 'SECONDS', Number.NaN],
  ] as const)('%s %s is %d ms', (time, unit, timeMs) => {
    expect(toMilliseconds(time, unit)).toBe(timeMs);
  });
});
