import type { Correction } from '../../src/contract.ts';

/** A correction of one window of ten milliseconds, from 1 to 2 by one late point. */
export function correctionOf(over: Partial<Correction> = {}): Correction {
  return {
    measure: 'avg_tide',
    dimensions: {},
    windowStartMs: 0,
    windowEndMs: 10,
    knownAtMs: 50,
    from: 1,
    to: 2,
    points: 3,
    added: 1,
    late: 1,
    lateByMs: 5,
    ...over,
  };
}
