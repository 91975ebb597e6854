import { describe, expect, it } from 'vitest';
import { judgeOffset } from '../../src/doctor/server-clocks.ts';

describe('judgeOffset', () => {
  it.each([
    { atLeastMs: -900, atMostMs: 250, verdict: 'ok', found: 'within 0.9 s of the server' },
    { atLeastMs: 1_500, atMostMs: 2_600, verdict: 'ok', found: 'within 2.6 s of the server' },
    {
      atLeastMs: 4_020,
      atMostMs: 5_100,
      verdict: 'warn',
      found: 'the clock of this machine is 4.1 s ahead',
    },
    {
      atLeastMs: -9_000,
      atMostMs: -7_900,
      verdict: 'warn',
      found: 'the clock of this machine is 7.9 s behind',
    },
    {
      atLeastMs: 301_000,
      atMostMs: 302_000,
      verdict: 'fail',
      found: 'the clock of this machine is 301 s ahead',
    },
  ])('$verdict between $atLeastMs and $atMostMs ms', ({ atLeastMs, atMostMs, verdict, found }) => {
    expect(judgeOffset('clock', { atLeastMs, atMostMs })).toMatchObject({ verdict, found });
  });
});
