import { HighwaterError, type Clock, type Logger } from '@highwater/model';
import { backoffDelayMs } from './backoff.ts';
import type { ConsumerMetrics } from './consumer-metrics.ts';
import { codeOf } from './lease-keeper.ts';

const retryDelayMsMin = 100;
const retryDelayMsMax = 5_000;

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

/** Makes the `Insist` of one shard and tenure. */
export function createInsist(options: InsistOptions): Insist {
  const { shardId, lost, clock, log, metrics, random } = options;
  return async (stage, call) => {
    for (let failures = 1; ; failures++) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof HighwaterError) || error.retry === 'never') throw error;
        metrics.errors.inc({ code: codeOf(error), stage });
        log.warn({ shardId, stage, failures, err: error }, 'Trying again after an error.');
        const backoff = { delayMsMin: retryDelayMsMin, delayMsMax: retryDelayMsMax, random };
        await clock.sleep(backoffDelayMs(failures, backoff), lost);
      }
    }
  };
}
