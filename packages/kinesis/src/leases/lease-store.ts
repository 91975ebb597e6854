import type { ReplayFrom } from '@highwater/model';
import type { AfterRecord, RecordId } from '../api/read-position.ts';
import type { StateRef } from '../snapshots/state-store.ts';

/** Records whose processing started and is not known to have finished; see `CarefulReading`. */
export interface Suspects {
  readonly first: RecordId;
  readonly last: RecordId;
  /** How often the record was tried alone; 0 for several records. */
  readonly attempts: number;
}

/** A record that is no longer given to any processor of its shard. */
export interface SetAsideRecord extends RecordId {
  readonly arrivalTimeMs: number;
}

/** "Everything up to and including here is done." */
export interface Checkpoint {
  /** A sequence number, `SHARD_END`, or where an unread shard starts. */
  readonly position:
    | { readonly type: 'TRIM_HORIZON' }
    | { readonly type: 'LATEST' }
    | { readonly type: 'SHARD_END' }
    | { readonly type: 'AT_TIMESTAMP'; readonly timestampMs: number }
    | AfterRecord;
  /**
   * Counts the checkpoints of the shard. The store rejects a checkpoint that arrives after a later
   * one. Otherwise, a write that its sender gave up and repeated could undo later writes, and name
   * a snapshot that was removed.
   */
  readonly number?: number | undefined;
  /** The processor's state at that position. */
  readonly state?: StateRef | undefined;
  readonly watermarkMs?: number | undefined;
  /** Everything that had arrived by then has been read, ms since the epoch. */
  readonly readToMs?: number | undefined;
  readonly replayFrom?: ReplayFrom | undefined;
  /** How often the shard has been taken since its processor's state was last written. */
  readonly openings?: number | undefined;
  readonly suspects?: Suspects | undefined;
  /** Records that a replay would read again, in order. It must decide as the first run did. */
  readonly setAside?: readonly SetAsideRecord[] | undefined;
}

/** The facts about a shard when its lease is created. */
export interface NewLease {
  readonly shardId: string;
  readonly parentShardIds: readonly string[];
  /** When the stream was created. Another stream with the same name has another time. */
  readonly streamCreatedMs?: number | undefined;
  readonly checkpoint: Checkpoint;
}

/** The right to read one shard, and how far it has been read. */
export interface Lease extends NewLease {
  /** Undefined when nobody has it. */
  readonly owner?: string | undefined;
  /** Rises with every change of owner: the fence that stops a former owner. */
  readonly epoch: number;
  /**
   * The heartbeat: rises with every write of its owner. If it does not change, the owner is dead.
   */
  readonly counter: number;
  /** The worker that has asked the owner to hand the lease over. */
  readonly wantedBy?: string | undefined;
}

/**
 * The owners of the shards, and the checkpoints. Every write is conditional on the state that the
 * writer has seen, so one of two workers wins, and the other finds out. Undefined as an answer means
 * that the condition did not hold.
 */
export interface LeaseStore {
  /** All leases, as the last write left them. */
  list(): Promise<readonly Lease[]>;
  /** Adds a lease without an owner, unless its shard already has a lease. */
  create(lease: NewLease): Promise<void>;
  /** Makes `owner` the owner and counts one more opening, if nothing was written since `seen`. */
  take(seen: Lease, owner: string): Promise<Lease | undefined>;
  /** Raises the counter, if `held` is still current (owner and epoch). */
  renew(held: Lease): Promise<Lease | undefined>;
  /**
   * Writes a checkpoint, if `held` is still current and no later checkpoint is there. Also renews.
   */
  checkpoint(held: Lease, checkpoint: Checkpoint): Promise<Lease | undefined>;
  /** Asks the observed owner for its lease, unless another worker has asked before. */
  request(seen: Lease, by: string): Promise<Lease | undefined>;
  /**
   * Releases the lease, to `heir` or to the first worker that takes it, so that no worker has to wait.
   * Does nothing if the lease is lost.
   */
  release(held: Lease, heir?: string): Promise<void>;
  /** Removes the lease of a shard that was read to its end, if nothing was written since `seen`. */
  remove(seen: Lease): Promise<void>;
}
