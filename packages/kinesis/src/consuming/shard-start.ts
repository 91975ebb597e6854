import type { Clock, ProcessorStart, ShardPosition } from '@highwater/model';
import { LeaseLostError, StateError } from '../errors.ts';
import { isFinished } from '../leases/lease-plan.ts';
import type { Checkpoint, Lease, LeaseStore } from '../leases/lease-store.ts';
import type { StateRef, StateStore } from '../snapshots/state-store.ts';
import { tellExpiry, type Telling } from '../telling.ts';

/** What is needed to find the start of a shard. */
export interface ShardStartOptions extends Telling {
  readonly stream: string;
  readonly leases: LeaseStore;
  readonly states: StateStore;
  readonly recover?: 'refuse' | 'replay' | undefined;
  readonly clock: Clock;
}

/** The position and the processor state that a shard starts with. */
export interface ShardStart {
  readonly position: ShardPosition;
  readonly processor: ProcessorStart;
}

/**
 * Finds where a shard continues: its snapshot and the position after it, or its parents' snapshots and
 * its oldest record.
 *
 * @throws {StateError} when a snapshot cannot be used, unless it may be rebuilt by reading again
 * @throws {LeaseLostError} when it was removed because another worker has the shard and continued
 */
export async function findShardStart(
  options: ShardStartOptions,
  lease: Lease,
  retentionMs: number,
): Promise<ShardStart> {
  const { stream, leases } = options;
  const { shardId, parentShardIds, checkpoint } = lease;
  const { position, state } = checkpoint;
  if (position.type === 'SHARD_END') throw new Error(`${shardId} has been read to its end`);
  warnOfLoss(options, lease, retentionMs);
  const all = await leases.list();
  const unfinished = all.filter((other) => !isFinished(other) && other.shardId !== shardId);
  const base = {
    shard: { stream, shardId, parentShardIds },
    peerShardIds: unfinished.map((other) => other.shardId),
    parentSnapshots: [],
  };
  const fromBegin = async (begin: ShardPosition): Promise<ShardStart> => {
    const parents = all.filter((other) => parentShardIds.includes(other.shardId));
    const refs = parents.flatMap((parent) => parent.checkpoint.state ?? []);
    const parentSnapshots = await Promise.all(refs.map((ref) => load(options, lease, ref)));
    return { position: begin, processor: { ...base, parentSnapshots } };
  };
  if (state === undefined) return fromBegin(position);
  const ownSnapshot = await ownState(options, lease, state);
  if (ownSnapshot) return { position, processor: { ...base, ownSnapshot } };
  // The state from its parents is also lost, and none of its own records can restore it.
  return replayStart(checkpoint, position, base) ?? fromBegin({ type: 'TRIM_HORIZON' });
}

async function ownState(
  options: ShardStartOptions,
  lease: Lease,
  ref: StateRef,
): Promise<Uint8Array | undefined> {
  const { recover, log } = options;
  const { shardId } = lease;
  try {
    return await load(options, lease, ref);
  } catch (error) {
    if (!(error instanceof StateError) || recover !== 'replay') throw error;
    log.error(
      { shardId, err: error },
      'The snapshot is missing or damaged; rebuilding the state from the records.',
    );
    return undefined;
  }
}

/**
 * A worker that has paused since it took the lease may find that the snapshot has been replaced. In
 * that case, the lease is lost, not the snapshot.
 */
async function load(
  { leases, states }: ShardStartOptions,
  lease: Lease,
  ref: StateRef,
): Promise<Uint8Array> {
  try {
    return await states.get(ref);
  } catch (error) {
    if (error instanceof StateError && !(await leases.renew(lease))) {
      throw new LeaseLostError(lease.shardId, lease.epoch);
    }
    throw error;
  }
}

/**
 * From the first record that an open window needs, with the watermark before that record; undefined
 * when that record is unknown.
 */
function replayStart(
  { replayFrom, watermarkMs }: Checkpoint,
  position: ShardPosition,
  base: ProcessorStart,
): ShardStart | undefined {
  if (replayFrom) {
    const { sequenceNumber, ...replay } = replayFrom;
    return {
      position: { type: 'AT_SEQUENCE_NUMBER', sequenceNumber },
      processor: { ...base, replay },
    };
  }
  // With a watermark and nothing to replay, nothing was open. Without a watermark, that is unknown.
  if (watermarkMs === undefined) return undefined;
  return { position, processor: { ...base, replay: { watermarkMs } } };
}

function warnOfLoss(
  options: ShardStartOptions,
  { shardId, checkpoint: { readToMs } }: Lease,
  retentionMs: number,
): void {
  if (readToMs === undefined) return;
  const behindMs = options.clock.nowMs() - readToMs;
  if (behindMs <= retentionMs) return;
  const fields = { shardId, behindMs, retentionMs };
  tellExpiry(options, fields, 'Records may have expired before they were read.');
}
