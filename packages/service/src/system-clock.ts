import type { Clock } from '@highwater/model';

/** The machine's clock. Services get it through their context; simulations use another. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep,
};

/** `setTimeout` takes a signed 32-bit number. A longer wait would end immediately. */
const timerMsMax = 2 ** 31 - 1;

async function sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
  let leftMs = durationMs;
  do {
    await wait(Math.min(leftMs, timerMsMax), signal);
    leftMs -= timerMsMax;
  } while (leftMs > 0);
}

function wait(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      // A signal that lives as long as the process sees millions of sleeps, so each must remove its
      // listener.
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, durationMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
