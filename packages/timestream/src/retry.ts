import { randomInt } from 'node:crypto';
import type { Clock, Logger } from '@highwater/model';
import { asTimestreamError, classifyFailure, type RetryReason } from './classify-failure.ts';
import type { StoreMetrics } from './metrics.ts';
import type { WriteApi } from './write-api.ts';

/** What every call of the store shares. */
export interface CallContext {
  readonly api: WriteApi;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: StoreMetrics;
  readonly timeoutMs: number;
  readonly giveUpAfterMs: number;
  /** From 0 to below 1, for the jitter. */
  readonly random: () => number;
}

/** How long to wait before an attempt: doubling from `minMs` to `maxMs`, then with full jitter. */
const delays: Readonly<Record<RetryReason, { readonly minMs: number; readonly maxMs: number }>> = {
  // The service scales while the rate is kept up, so this one does not back off far.
  throttled: { minMs: 50, maxMs: 1_000 },
  // This one scales with time only: the service asks for a lower rate.
  throttled_magnetic: { minMs: 1_000, maxMs: 60_000 },
  server_error: { minMs: 100, maxMs: 10_000 },
  connection: { minMs: 100, maxMs: 5_000 },
  timeout: { minMs: 100, maxMs: 10_000 },
  endpoint_moved: { minMs: 100, maxMs: 10_000 },
  signature_expired: { minMs: 100, maxMs: 10_000 },
};

const exponentMax = 20;

/**
 * Makes a call until it succeeds or fails for good, with full-jitter backoff between attempts.
 *
 * @throws the service's error when trying again cannot help; {@link TimestreamError} when it was
 *   tried for longer than `giveUpAfterMs`; the signal's reason when it aborts
 */
export async function callWithRetry<T>(
  context: CallContext,
  action: string,
  call: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const { clock, log, metrics } = context;
  const startMs = clock.monotonicMs();
  for (let attempt = 0; ; attempt++) {
    try {
      return await attemptCall(call, signal, context.timeoutMs);
    } catch (error) {
      signal.throwIfAborted();
      const failure = classifyFailure(error);
      if (failure.kind !== 'retry') throw error;
      const { reason } = failure;
      const waitedMs = clock.monotonicMs() - startMs;
      if (waitedMs > context.giveUpAfterMs) throw asTimestreamError(action, error);
      metrics.retries.inc({ reason });
      if (reason === 'endpoint_moved') context.api.rediscover();
      const level = attempt === 5 ? 'warn' : 'debug';
      log[level]({ err: error, reason, attempt, waitedMs }, 'Timestream call will be retried.');
      const { minMs, maxMs } = delays[reason];
      const delayMs = Math.min(maxMs, minMs * 2 ** Math.min(attempt, exponentMax));
      await clock.sleep(delayMs * context.random(), signal);
    }
  }
}

/** One attempt with its own signal: listeners on one that lives as long as the process pile up. */
async function attemptCall<T>(
  call: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<T> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await call(AbortSignal.any([signal, timeout]));
  } catch (error) {
    // The SDK's own error for an aborted signal does not tell whose it was.
    throw timeout.aborted && !signal.aborted ? timeout.reason : error;
  }
}

/** Jitter needs no reproducible source, only an even one. */
export function cryptoRandom(): number {
  return randomInt(2 ** 32) / 2 ** 32;
}
