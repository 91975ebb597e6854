import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../src/index.ts';

describe('systemClock', () => {
  it('sleeps at least as long as asked', async () => {
    const startMs = systemClock.monotonicMs();
    await systemClock.sleep(5);
    // Timers count whole milliseconds of their own clock, which explains the tolerance of one.
    expect(systemClock.monotonicMs() - startMs).toBeGreaterThanOrEqual(4);
  });

  it('rejects with the reason of the signal that aborts the sleep', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const sleeping = systemClock.sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
  });

  it('rejects immediately when the signal has already aborted', async () => {
    const reason = new Error('enough');
    await expect(systemClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('leaves no listener behind, whether the sleep ends or is aborted', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    await Promise.all([systemClock.sleep(0, signal), systemClock.sleep(1, signal)]);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    const sleeping = systemClock.sleep(60_000, signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    controller.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('sleeps longer than the maximum of a timer without ending immediately', async () => {
    const controller = new AbortController();
    const sleeping = systemClock.sleep(2 ** 40, controller.signal);
    await systemClock.sleep(5);
    controller.abort(new Error('still asleep'));
    await expect(sleeping).rejects.toThrow('still asleep');
  });
});
