import { SimulatedClock } from '@highwater/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffDelayMs, poll, retry } from '@highwater/flow';
import type { RetryOptions } from '../src/retry.ts';

const passing = new Error('passes');

/** Retries with a simulated clock, and records every attempt of `call` and every wait. */
function trial(options: Partial<RetryOptions> = {}) {
  const clock = new SimulatedClock();
  const stop = new AbortController();
  const startMs = clock.monotonicMs();
  const attemptsMs: number[] = [];
  const run = (failuresCount: number, error: unknown = passing) => {
    const call = async () => {
      attemptsMs.push(clock.monotonicMs() - startMs);
      if (attemptsMs.length <= failuresCount) throw error;
      return 'done';
    };
    const result = retry(call, {
      clock,
      signal: stop.signal,
      random: () => 0.999_999,
      giveUpAfterMs: 10_000,
      backoffFor: (thrown) =>
        thrown === passing ? { delayMsMin: 100, delayMsMax: 1_000 } : undefined,
      ...options,
    }).catch((thrown: unknown) => ({ thrown }));
    return result;
  };
  return { clock, stop, attemptsMs, run };
}

describe('backoffDelayMs', () => {
  it('stays below a limit that doubles with every failure, up to the maximum', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 2_000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (failures, drawn) => {
        const delayMs = backoffDelayMs(
          failures,
          { delayMsMin: 50, delayMsMax: 5_000 },
          () => drawn,
        );
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThanOrEqual(Math.min(5_000, 50 * 2 ** (failures - 1)));
      },
    );
    fc.assert(property);
  });
});

describe('retry', () => {
  it('waits longer after every failure, and returns the result', async () => {
    const { clock, attemptsMs, run } = trial();
    const result = run(5);
    await clock.advance(60_000);
    expect(await result).toBe('done');
    const waits = attemptsMs.slice(1).map((at, index) => Math.round(at - (attemptsMs[index] ?? 0)));
    expect(waits).toEqual([100, 200, 400, 800, 1_000]);
  });

  it('does not retry a permanent error', async () => {
    const { attemptsMs, run } = trial();
    expect(await run(9, new Error('for good'))).toEqual({ thrown: new Error('for good') });
    expect(attemptsMs).toHaveLength(1);
  });

  it('gives up when the time is up, and reports every failure before a retry', async () => {
    const told: number[] = [];
    const { clock, attemptsMs, run } = trial({
      giveUpAfterMs: 1_000,
      giveUp: (_error, { count }) => new Error(`gave up after ${count}`),
      onRetry: (_error, { count }) => told.push(count),
    });
    const result = run(100);
    await clock.advance(60_000);
    expect(await result).toEqual({ thrown: new Error('gave up after 5') });
    expect(told).toEqual([1, 2, 3, 4]);
    expect(attemptsMs).toHaveLength(5);
  });

  it('ends with the reason of its signal while it waits', async () => {
    const { clock, stop, attemptsMs, run } = trial();
    const result = run(100);
    await clock.advance(150);
    stop.abort('stopped');
    expect(await result).toEqual({ thrown: 'stopped' });
    expect(attemptsMs).toHaveLength(2);
  });
});

describe('poll', () => {
  it('checks until there is a result, or until the time is up', async () => {
    const clock = new SimulatedClock();
    const { signal } = new AbortController();
    let looks = 0;
    const seenAt = (count: number) => async () => ((looks += 1) === count ? 'seen' : undefined);
    const options = { clock, signal, intervalMs: 100, timeoutMs: 1_000 };
    const found = poll(seenAt(4), options);
    await clock.advance(10_000);
    expect(await found).toBe('seen');
    looks = 0;
    const missed = poll(seenAt(100), options);
    await clock.advance(10_000);
    expect(await missed).toBeUndefined();
    expect(looks).toBe(12);
  });
});
