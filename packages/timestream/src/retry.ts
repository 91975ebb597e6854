import { retry, type Backoff } from '@highwater/flow';
import type { Clock, Logger } from '@highwater/model';
import { asTimestreamError, classifyFailure, type RetryReason } from './classify-failure.ts';
import type { StoreMetrics } from '@highwater/store-kit';
import type { WriteApi } from './write-api.ts';

/** What every call of the store shares. */
export interface CallContext {
  readonly api: WriteApi;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: StoreMetrics;
  readonly timeoutMs: number;
  readonly giveUpAfterMs: number;
  /** Uniform in [0, 1), for the jitter. */
  readonly random: () => number;
}

const backoffs: Readonly<Record<RetryReason, Backoff>> = {
  // The service scales up while the request rate stays high, so this backoff stays short.
  throttled: { delayMsMin: 50, delayMsMax: 1_000 },
  // This store scales only with time, so the service asks for a lower rate.
  throttled_magnetic: { delayMsMin: 1_000, delayMsMax: 60_000 },
  server_error: { delayMsMin: 100, delayMsMax: 10_000 },
  connection: { delayMsMin: 100, delayMsMax: 5_000 },
  timeout: { delayMsMin: 100, delayMsMax: 10_000 },
  endpoint_moved: { delayMsMin: 100, delayMsMax: 10_000 },
  signature_expired: { delayMsMin: 100, delayMsMax: 10_000 },
};

/**
 * Makes a call until it succeeds, fails permanently, or has been tried for `giveUpAfterMs`.
 *
 * @throws the service's error when a retry cannot help; {@link TimestreamError} when it was tried
 * for too long; the signal's reason when it aborts
 */
export function callWithRetry<T>(
  context: CallContext,
  action: string,
  call: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const { clock, log, metrics, random, giveUpAfterMs } = context;
  return retry(() => attemptCall(call, signal, context.timeoutMs), {
    clock,
    signal,
    random,
    giveUpAfterMs,
    backoffFor: (error) => {
      const reason = retryReason(error);
      return reason && backoffs[reason];
    },
    giveUp: (error) => asTimestreamError(action, error),
    onRetry: (error, { count, elapsedMs }) => {
      const reason = retryReason(error);
      if (reason === undefined) return;
      metrics.retries.inc({ reason });
      if (reason === 'endpoint_moved') context.api.rediscover();
      const level = count === 6 ? 'warn' : 'debug';
      log[level](
        { err: error, reason, failures: count, elapsedMs },
        'A Timestream call failed; retrying.',
      );
    },
  });
}

function retryReason(error: unknown): RetryReason | undefined {
  const failure = classifyFailure(error);
  return failure.kind === 'retry' ? failure.reason : undefined;
}

/**
 * One attempt with its own signal, because listeners would pile up on a signal that lives as long
 * as the process.
 */
async function attemptCall<T>(
  call: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<T> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await call(AbortSignal.any([signal, timeout]));
  } catch (error) {
    // The SDK's own error for an aborted signal does not say which signal it was.
    throw timeout.aborted && !signal.aborted ? timeout.reason : error;
  }
}
