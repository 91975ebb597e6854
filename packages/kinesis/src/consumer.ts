import type { Clock, Logger, ShardProcessor } from '@highwater/model';
import { BehindLatest, type ConsumerMetrics } from './consumer-metrics.ts';
import { KinesisError, LeaseLostError } from './errors.ts';
import type { KinesisApi } from './kinesis-api.ts';
import type { Checkpoint, Lease, LeaseStore } from './lease-store.ts';
import { ShardRunner } from './shard-runner.ts';
import type { StateStore } from './state-store.ts';

/** The times and limits of a consumer, see `consumerConfig`. */
export interface ConsumerTiming {
  readonly batchRecordsMax: number;
  readonly readIntervalMs: number;
  readonly pollIntervalMs: number;
  readonly idleAfterMs: number;
  readonly checkpointIntervalMs: number;
  readonly shardSyncIntervalMs: number;
}

/** What a consumer works with. */
export interface ConsumerOptions {
  readonly api: KinesisApi;
  readonly stream: string;
  readonly leases: LeaseStore;
  readonly states: StateStore;
  /** Names this worker in the leases: different in every process and after every start. */
  readonly owner: string;
  /** Where a shard without a checkpoint starts; children of a shard always start at their begin. */
  readonly start: Checkpoint['position'];
  readonly timing: ConsumerTiming;
  readonly createProcessor: (shardId: string) => ShardProcessor;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: ConsumerMetrics;
  /** Uniform in [0, 1), for jitter. */
  readonly random: () => number;
  /** Called once, when every shard that can be read is being read. */
  readonly onReading?: (() => void) | undefined;
}

/**
 * Reads a stream, a processor per shard, until the signal aborts; then each shard finishes its batch,
 * writes a checkpoint and gives its lease up before the promise resolves.
 *
 * A shard is started after all its parents have been read to their ends.
 *
 * @throws whatever a processor or an unusable dependency threw, after the other shards were closed
 */
export async function runConsumer(options: ConsumerOptions, signal: AbortSignal): Promise<void> {
  const { api, stream, leases, clock, log, metrics, timing } = options;
  const behindLatest = new BehindLatest(metrics);
  const failure = new AbortController();
  const stop = AbortSignal.any([signal, failure.signal]);
  const running = new Map<string, Promise<void>>();
  let shardClosed = Promise.withResolvers<void>();

  async function run(lease: Lease): Promise<void> {
    const { shardId } = lease;
    try {
      await new ShardRunner(options, lease, behindLatest).run(stop);
    } catch (error) {
      if (error instanceof LeaseLostError) {
        metrics.leasesLost.inc();
        log.warn({ shardId, err: error }, 'Lease lost.');
      } else if (!stop.aborted) {
        failure.abort(error);
      }
    } finally {
      behindLatest.remove(shardId);
      running.delete(shardId);
      metrics.leasesHeld.set(running.size);
      shardClosed.resolve();
    }
  }

  let isFirst = true;

  /** @returns whether no lease that was to be taken was written by somebody at the same time */
  async function syncShards(): Promise<boolean> {
    const shards = await api.listShards(stream, stop);
    const known = new Map((await leases.list()).map((lease) => [lease.shardId, lease]));
    for (const { shardId, parentShardIds } of shards) {
      if (known.has(shardId)) continue;
      const isChild = parentShardIds.some((id) => shards.some((shard) => shard.shardId === id));
      const position = isChild ? ({ type: 'TRIM_HORIZON' } as const) : options.start;
      await leases.create({ shardId, parentShardIds, checkpoint: { position } });
    }
    const all = await leases.list();
    let hasMissed = false;
    for (const lease of all) {
      if (stop.aborted || running.has(lease.shardId) || !isReady(lease, all)) continue;
      // At its start a worker takes over from its predecessor; later it leaves others what they hold.
      if (!isFirst && lease.owner !== undefined) continue;
      const held = await leases.take(lease, options.owner);
      if (!held) {
        hasMissed = true;
        continue;
      }
      log.info({ shardId: held.shardId, leaseEpoch: held.epoch }, 'Lease acquired.');
      running.set(held.shardId, run(held));
      metrics.leasesHeld.set(running.size);
    }
    return !hasMissed;
  }

  while (!stop.aborted) {
    shardClosed = Promise.withResolvers<void>();
    try {
      const isComplete = await syncShards();
      if (isFirst && !isComplete) continue;
      if (isFirst) options.onReading?.();
      isFirst = false;
    } catch (error) {
      if (stop.aborted) break;
      if (!(error instanceof KinesisError) || error.retry === 'never') {
        failure.abort(error);
        break;
      }
      metrics.errors.inc({ code: error.exception, stage: 'sync' });
      log.warn({ err: error }, 'Looking at the shards again after an error.');
    }
    // A shard that ended has children to start: no need to wait for them.
    await sleepUntil(shardClosed.promise, timing.shardSyncIntervalMs, clock, stop);
  }
  await Promise.all(running.values());
  if (failure.signal.aborted) throw failure.signal.reason;
}

/** Not finished, and every parent that is known is. */
function isReady(lease: Lease, all: readonly Lease[]): boolean {
  if (lease.checkpoint.position.type === 'SHARD_END') return false;
  return all.every(
    (other) =>
      !lease.parentShardIds.includes(other.shardId) ||
      other.checkpoint.position.type === 'SHARD_END',
  );
}

/** Waits for `event`, but no longer than `durationMs` or the signal. Leaves nothing behind. */
async function sleepUntil(
  event: Promise<void>,
  durationMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const done = new AbortController();
  const sleeping = clock
    .sleep(durationMs, AbortSignal.any([signal, done.signal]))
    .catch(() => undefined);
  await Promise.race([event, sleeping]);
  done.abort();
  await sleeping;
}
