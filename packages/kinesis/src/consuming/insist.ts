import { isTransient, retry, type Backoff } from '@highwater/flow';
import type { Clock } from '@highwater/model';
import { tellRetry, type Step, type Telling } from '../telling.ts';

const backoff: Backoff = { delayMsMin: 100, delayMsMax: 5_000 };

/** Repeats a call to a store that is out of reach, until it is done or the lease is lost. */
export type Insist = <T>(step: Step, call: () => Promise<T>) => Promise<T>;

/** The options of repeated calls. */
export interface InsistOptions extends Telling {
  readonly shardId: string;
  readonly lost: AbortSignal;
  readonly clock: Clock;
  readonly random: () => number;
}

/**
 * Creates the `Insist` of one shard and tenure. It has no limit of its own: while a worker has a lease,
 * stopping would leave its shard unread, and a worker that cannot renew the lease loses it.
 */
export function createInsist(options: InsistOptions): Insist {
  const { shardId, lost, clock, random } = options;
  return (step, call) =>
    retry(call, {
      clock,
      signal: lost,
      random,
      giveUpAfterMs: Infinity,
      backoffFor: (error) => (isTransient(error) ? backoff : undefined),
      onRetry: (error, { count }) => {
        tellRetry(options, { step, error, fields: { shardId, failures: count } });
      },
    });
}
