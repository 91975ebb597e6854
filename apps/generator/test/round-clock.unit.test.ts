import { describe, expect, it } from 'vitest';
import { PythonRandom } from '../src/python-random.ts';
import { RoundClock, timeText, type Lateness } from '../src/round-clock.ts';

const nowMs = 1_700_000_000_999;

/** The times of `count` records in each of 200 rounds. */
function drawTimes(lateness: Lateness, count: number) {
  let late = 0;
  const random = new PythonRandom([1]);
  const rounds = Array.from({ length: 200 }, () => {
    const clock = new RoundClock({ lateness, random, timeUnit: 'SECONDS', onLate: () => late++ });
    clock.set(nowMs);
    return Array.from({ length: count }, () => clock.next());
  });
  return { rounds, late };
}

describe('RoundClock', () => {
  it('makes a whole round late, or none of it', () => {
    const lateness = { percentLate: 25, lateTimeSeconds: 75, isPerPoint: false };
    const { rounds, late } = drawTimes(lateness, 10);
    const kinds = rounds.map((times) => new Set(times));
    expect(kinds.every(({ size }) => size === 1)).toBe(true);
    const lateRounds = kinds.filter((kind) => kind.has('1699999925'));
    expect(lateRounds.length / 200).toBeCloseTo(0.25, 1);
    expect(late).toBe(lateRounds.length * 10);
  });

  it('makes points late one by one when asked to', () => {
    const lateness = { percentLate: 25, lateTimeSeconds: 75, isPerPoint: true };
    const { rounds, late } = drawTimes(lateness, 10);
    expect(rounds.flat().filter((time) => time === '1699999925')).toHaveLength(late);
    expect(late / 2_000).toBeCloseTo(0.25, 1);
    expect(rounds.filter((times) => new Set(times).size === 2).length).toBeGreaterThan(100);
  });

  it('makes nothing late by default', () => {
    const lateness = { percentLate: 0, lateTimeSeconds: 75, isPerPoint: false };
    expect(new Set(drawTimes(lateness, 3).rounds.flat())).toEqual(new Set(['1700000000']));
  });
});

describe('timeText', () => {
  it.each([
    ['SECONDS', '1700000000'],
    ['MILLISECONDS', '1700000000999'],
    ['MICROSECONDS', '1700000000999000'],
    ['NANOSECONDS', '1700000000999000000'],
  ] as const)('counts in %s', (unit, text) => {
    expect(timeText(nowMs, unit)).toBe(text);
  });
});
