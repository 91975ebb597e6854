import type { ServiceWorker } from '../../test/consumer/service-fleet.ts';

/** One shard that went from one process to another. */
export interface HandOver {
  readonly shardId: string;
  /** From the release of the lease to the next process reading the shard. */
  readonly seconds: number;
}

/**
 * How long the shards of a stopped process had no owner, according to its log and the logs of their
 * new owners. All run on this machine, and therefore use one clock.
 */
export function handOversOf(
  stopped: ServiceWorker,
  others: readonly ServiceWorker[],
): readonly HandOver[] {
  const opened = others.flatMap((worker) => worker.logged('Opened the shard.'));
  return stopped.logged('Released the lease.').flatMap(({ atMs, fields }) => {
    const after = opened
      .filter((line) => line.fields['shardId'] === fields['shardId'] && line.atMs >= atMs)
      .map((line) => line.atMs);
    if (after.length === 0) return [];
    const seconds = (Math.min(...after) - atMs) / 1000;
    return [{ shardId: String(fields['shardId']), seconds }];
  });
}
