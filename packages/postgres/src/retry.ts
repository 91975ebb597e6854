import { retry, type Backoff } from '@highwater/flow';
import type { Clock, Logger } from '@highwater/model';
import type { StoreMetrics } from '@highwater/store-kit';
import { asPostgresError, classifyFailure, type RetryReason } from './classify-failure.ts';
import type { Connection, Connections } from './connections.ts';

/** What every call of the store shares. */
export interface CallContext {
  readonly connections: Connections;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: StoreMetrics;
  readonly timeoutMs: number;
  readonly giveUpAfterMs: number;
  /** From 0 to below 1, for the jitter. */
  readonly random: () => number;
  /** Called when the server may be another one, or one that has forgotten: what was read is unsure. */
  readonly onServerLost: () => void;
}

/** A call of the store. */
export interface Call<T> {
  /** What it does, for messages. */
  readonly action: string;
  readonly task: (connection: Connection) => Promise<T>;
  /** Who may open the store has been let in before: a refusal is a password that was changed. */
  readonly isOpen?: boolean | undefined;
}

const backoffs: Readonly<Record<RetryReason, Backoff>> = {
  server_error: { delayMsMin: 50, delayMsMax: 5_000 },
  connection: { delayMsMin: 50, delayMsMax: 2_000 },
  timeout: { delayMsMin: 100, delayMsMax: 10_000 },
  endpoint_moved: { delayMsMin: 100, delayMsMax: 2_000 },
  signature_expired: { delayMsMin: 500, delayMsMax: 10_000 },
};

/** The server ends a statement first; without its answer the connection is given up. */
const graceMs = 1_000;

/**
 * Runs a task on a connection until it succeeds, fails for good, or has been tried for
 * `giveUpAfterMs`.
 *
 * @throws the error of `pg` when trying again cannot help; {@link PostgresError} when it was tried
 *   for too long; the signal's reason when it aborts
 */
export function callWithRetry<T>(
  context: CallContext,
  { action, task, isOpen = true }: Call<T>,
  signal: AbortSignal,
): Promise<T> {
  const { connections, clock, log, metrics, random, timeoutMs, giveUpAfterMs } = context;
  const reasonOf = (error: unknown) => retryReason(error, isOpen);
  return retry(() => attempt(connections, { task, timeoutMs }, signal), {
    clock,
    signal,
    random,
    giveUpAfterMs,
    backoffFor: (error) => {
      const reason = reasonOf(error);
      return reason && backoffs[reason];
    },
    giveUp: (error) => asPostgresError(action, error),
    onRetry: (error, { count, elapsedMs }) => {
      const reason = reasonOf(error);
      if (reason === undefined) return;
      metrics.retries.inc({ reason });
      if (reason !== 'server_error') context.onServerLost();
      const level = count === 6 ? 'warn' : 'debug';
      log[level](
        { err: error, reason, failures: count, elapsedMs },
        'A PostgreSQL statement failed; retrying.',
      );
    },
  });
}

function retryReason(error: unknown, isOpen: boolean): RetryReason | undefined {
  const failure = classifyFailure(error);
  if (failure.kind === 'retry') return failure.reason;
  return failure.kind === 'not_authenticated' && isOpen ? 'signature_expired' : undefined;
}

/** One attempt with its own signal: listeners on one that lives as long as the process pile up. */
async function attempt<T>(
  connections: Connections,
  { task, timeoutMs }: { readonly task: Call<T>['task']; readonly timeoutMs: number },
  signal: AbortSignal,
): Promise<T> {
  const timeout = AbortSignal.timeout(timeoutMs + graceMs);
  return connections.run(task, AbortSignal.any([signal, timeout]));
}
