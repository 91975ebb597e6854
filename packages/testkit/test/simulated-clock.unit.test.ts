import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../src/index.ts';

describe('SimulatedClock', () => {
  // Goal: sleepers wake in the order of their time, and see that time. Method: arbitrary delays,
  // some of them by sleepers that have just woken.
  it('wakes sleepers in the order of their time', async () => {
    const delays = fc.array(fc.tuple(fc.nat(50), fc.nat(50)), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(delays, async (pairs) => {
        const clock = new SimulatedClock(0);
        const wakings: { atMs: number; expectedMs: number }[] = [];
        const sleepers = pairs.map(async ([first, second]) => {
          await clock.sleep(first);
          wakings.push({ atMs: clock.nowMs(), expectedMs: first });
          await clock.sleep(second);
          wakings.push({ atMs: clock.nowMs(), expectedMs: first + second });
        });
        await clock.advance(100);
        await Promise.all(sleepers);
        expect(wakings.every(({ atMs, expectedMs }) => atMs === expectedMs)).toBe(true);
        const times = wakings.map(({ atMs }) => atMs);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(clock.nowMs()).toBe(100);
      }),
      { numRuns: 50 },
    );
  });

  it('does not wake a sleeper before its time', async () => {
    const clock = new SimulatedClock();
    let isAwake = false;
    const sleeper = clock.sleep(1000).then(() => (isAwake = true));
    await clock.advance(999);
    expect(isAwake).toBe(false);
    await clock.advance(1);
    expect(isAwake).toBe(true);
    await sleeper;
  });

  it('ends a sleep with the reason of its signal', async () => {
    const clock = new SimulatedClock();
    const stop = new AbortController();
    const sleeping = clock.sleep(1000, stop.signal);
    stop.abort(new Error('stopping'));
    await expect(sleeping).rejects.toThrow('stopping');
    await expect(clock.sleep(1000, stop.signal)).rejects.toThrow('stopping');
    expect(clock.sleepersCount).toBe(0);
  });

  it('runs until a condition holds, and no longer', async () => {
    const clock = new SimulatedClock(0);
    let ticks = 0;
    const ticking = (async () => {
      while (ticks < 100) {
        await clock.sleep(10);
        ticks += 1;
      }
    })();
    await clock.runUntil(() => ticks === 7);
    expect(clock.monotonicMs()).toBe(70);
    await expect(clock.runUntil(() => ticks === 50, 100)).rejects.toThrow('not met in 100 ms');
    await clock.advance(1000);
    await ticking;
    await expect(clock.runUntil(() => false)).rejects.toThrow('0 asleep');
  });

  it('moves the wall clock without the monotonic one', () => {
    const clock = new SimulatedClock(5000);
    clock.jumpWallClock(-3000);
    expect(clock.nowMs()).toBe(2000);
    expect(clock.monotonicMs()).toBe(0);
  });
});
