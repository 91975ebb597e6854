import { isTransient, retry, type Backoff } from '@highwater/flow';
import type { Clock, Logger } from '@highwater/model';
import type { ConsumerMetrics } from '../consumer-metrics.ts';
import { codeOf } from '../leases/lease-keeper.ts';

const backoff: Backoff = { delayMsMin: 100, delayMsMax: 5_000 };

/** Repeats a call to a store that is out of reach, until it is done or the lease is lost. */
export type Insist = <T>(stage: string, call: () => Promise<T>) => Promise<T>;

/** What repeating calls takes. */
export interface InsistOptions {
  readonly shardId: string;
  readonly lost: AbortSignal;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: ConsumerMetrics;
  readonly random: () => number;
}

/**
 * Makes the `Insist` of one shard and tenure. It has no limit of its own: while a worker has a lease,
 * giving up would leave its shard unread, and whoever cannot renew the lease loses it.
 */
export function createInsist(options: InsistOptions): Insist {
  const { shardId, lost, clock, log, metrics, random } = options;
  return (stage, call) =>
    retry(call, {
      clock,
      signal: lost,
      random,
      giveUpAfterMs: Infinity,
      backoffFor: (error) => (isTransient(error) ? backoff : undefined),
      onRetry: (error, { count }) => {
        metrics.errors.inc({ code: codeOf(error), stage });
        log.warn({ shardId, stage, failures: count, err: error }, 'Trying again after an error.');
      },
    });
}
