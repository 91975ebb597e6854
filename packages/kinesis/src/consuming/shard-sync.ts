import type { Clock, Logger } from '@highwater/model';
import { StreamReplacedError } from '../errors.ts';
import type { KinesisApi, StreamSummary } from '../api/kinesis-api.ts';
import type { Shard } from '../api/shard.ts';
import { isFinished } from '../leases/lease-plan.ts';
import type { Checkpoint, Lease, LeaseStore } from '../leases/lease-store.ts';
import type { StateStore } from '../snapshots/state-store.ts';

/** What is needed to keep the list of shards up to date. */
export interface ShardSyncOptions {
  readonly api: KinesisApi;
  readonly stream: string;
  readonly leases: LeaseStore;
  readonly states: StateStore;
  readonly start: Checkpoint['position'];
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Makes the leases agree with the stream's shards: adds missing leases, and removes leases of shards
 * that are gone. Any number of workers may do so concurrently.
 *
 * Children whose parent is known here start at their oldest record, whatever the start position:
 * their parent ends there.
 */
export async function syncShards(
  options: ShardSyncOptions,
  { creationTimeMs }: StreamSummary,
  signal: AbortSignal,
): Promise<void> {
  const { api, stream, leases } = options;
  // Parents have smaller ids than their children, and are therefore known before them.
  const shards = (await api.listShards(stream, signal)).toSorted((a, b) =>
    a.shardId < b.shardId ? -1 : 1,
  );
  const known = new Map((await leases.list()).map((lease) => [lease.shardId, lease]));
  for (const { streamCreatedMs = creationTimeMs } of known.values()) {
    if (streamCreatedMs !== creationTimeMs) {
      throw new StreamReplacedError(stream, streamCreatedMs, creationTimeMs);
    }
  }
  const first = concreteStart(options);
  for (const { shardId, parentShardIds } of shards) {
    if (known.has(shardId)) continue;
    const isChild = parentShardIds.some((id) => known.has(id));
    const position = isChild ? ({ type: 'TRIM_HORIZON' } as const) : first;
    await leases.create({
      shardId,
      parentShardIds,
      streamCreatedMs: creationTimeMs,
      checkpoint: { position },
    });
  }
  const forgettable = [...known.values()].filter((lease) => isForgettable(lease, shards, known));
  if (forgettable.length === 0) return;
  // The shards were listed before the leases. A missing shard may be newer than that list, and may
  // already have been read to its end. A list that is newer than the leases decides this.
  const listed = await api.listShards(stream, signal);
  for (const lease of forgettable) {
    if (isForgettable(lease, listed, known)) await forget(options, lease);
  }
}

/**
 * "Latest" is fixed to the current time: a shard that is idle and resumed must not skip newer
 * records.
 */
function concreteStart({ start, clock }: ShardSyncOptions): Checkpoint['position'] {
  return start.type === 'LATEST' ? { type: 'AT_TIMESTAMP', timestampMs: clock.nowMs() } : start;
}

/**
 * Read to its end, not listed any more, and its state is not needed: its children have their own.
 */
function isForgettable(
  lease: Lease,
  listed: readonly Shard[],
  known: ReadonlyMap<string, Lease>,
): boolean {
  const isListed = listed.some(({ shardId }) => shardId === lease.shardId);
  if (!isFinished(lease) || isListed) return false;
  return [...known.values()].every(
    ({ parentShardIds, checkpoint }) =>
      !parentShardIds.includes(lease.shardId) || checkpoint.state !== undefined,
  );
}

async function forget({ leases, states, log }: ShardSyncOptions, lease: Lease): Promise<void> {
  const { shardId, checkpoint } = lease;
  await leases.remove(lease);
  if (checkpoint.state) await states.remove(checkpoint.state);
  log.info({ shardId }, 'Removed the lease of an expired shard.');
}
