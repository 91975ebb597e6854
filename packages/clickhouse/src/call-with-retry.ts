import { retry, type Backoff } from '@highwater/flow';
import type { Clock, Logger } from '@highwater/model';
import type { StoreMetrics } from '@highwater/store-kit';
import { asClickhouseError, classifyFailure, type RetryReason } from './classify-failure.ts';
import type { Connection } from './connection.ts';

/** What every call of the store shares. */
export interface CallContext {
  readonly connection: Connection;
  readonly database: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: StoreMetrics;
  readonly requestTimeoutMs: number;
  readonly giveUpAfterMs: number;
  /** From 0 to below 1, for the jitter. */
  readonly random: () => number;
}

const backoffs: Readonly<Record<RetryReason, Backoff>> = {
  throttled: { delayMsMin: 200, delayMsMax: 10_000 },
  // Merges need time, and every further small insert makes it worse.
  too_many_parts: { delayMsMin: 1_000, delayMsMax: 30_000 },
  memory: { delayMsMin: 500, delayMsMax: 15_000 },
  server_error: { delayMsMin: 100, delayMsMax: 10_000 },
  connection: { delayMsMin: 100, delayMsMax: 5_000 },
  timeout: { delayMsMin: 100, delayMsMax: 10_000 },
};

/**
 * Makes a call until it succeeds, fails for good, or has been tried for `giveUpAfterMs`.
 *
 * @throws the client's error when trying again cannot help; {@link ClickhouseError} when it was tried
 *   for too long; the signal's reason when it aborts
 */
export function callWithRetry<T>(
  context: CallContext,
  action: string,
  call: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const { clock, log, metrics, random, giveUpAfterMs } = context;
  return retry(() => attemptCall(call, signal, context.requestTimeoutMs), {
    clock,
    signal,
    random,
    giveUpAfterMs,
    backoffFor: (error) => {
      const reason = retryReason(error);
      return reason && backoffs[reason];
    },
    giveUp: (error) => asClickhouseError(action, error),
    onRetry: (error, { count, elapsedMs }) => {
      const reason = retryReason(error);
      if (reason === undefined) return;
      metrics.retries.inc({ reason });
      const level = count === 6 ? 'warn' : 'debug';
      log[level](
        { err: error, reason, failures: count, elapsedMs },
        'A ClickHouse call failed; retrying.',
      );
    },
  });
}

function retryReason(error: unknown): RetryReason | undefined {
  const failure = classifyFailure(error);
  return failure.kind === 'retry' ? failure.reason : undefined;
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
    // The client's own error for an aborted signal does not tell whose it was.
    throw timeout.aborted && !signal.aborted ? timeout.reason : error;
  }
}
