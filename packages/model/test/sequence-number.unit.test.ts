import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSequence } from '../src/index.ts';

describe('compareSequence', () => {
  it('orders like integers, for numbers of up to 56 digits', () => {
    const anySequence = fc.bigInt({ min: 0n, max: 10n ** 56n });
    fc.assert(
      fc.property(anySequence, anySequence, (a, b) => {
        const order = a < b ? -1 : a > b ? 1 : 0;
        expect(Math.sign(compareSequence(String(a), String(b)))).toBe(order);
      }),
    );
  });

  it.each([
    ['9', '10'],
    [
      '49590338271490256608559692538361571095921575989136588898',
      '49590338271490256608559692538361571095921575989136588899',
    ],
  ])('puts %s before %s', (a, b) => {
    expect(compareSequence(a, b)).toBeLessThan(0);
    expect(compareSequence(b, a)).toBeGreaterThan(0);
    expect(compareSequence(a, a)).toBe(0);
  });
});
