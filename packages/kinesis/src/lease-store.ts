import type { SequenceNumber } from '@highwater/model';
import type { StateRef } from './state-store.ts';

/** "Everything up to and including here is done." */
export interface Checkpoint {
  /** A sequence number, `SHARD_END`, or where an unread shard starts. */
  readonly position:
    | { readonly type: 'TRIM_HORIZON' | 'LATEST' | 'SHARD_END' }
    | { readonly type: 'AT_TIMESTAMP'; readonly timestampMs: number }
    | { readonly type: 'AFTER_SEQUENCE_NUMBER'; readonly sequenceNumber: SequenceNumber };
  /** The processor's state at that position. */
  readonly state?: StateRef | undefined;
  readonly watermarkMs?: number | undefined;
  readonly replayFrom?:
    | { readonly sequenceNumber: SequenceNumber; readonly watermarkMs?: number | undefined }
    | undefined;
}

/** The right to read one shard, and how far it has been read. */
export interface Lease {
  readonly shardId: string;
  readonly parentShardIds: readonly string[];
  /** Absent when nobody holds it. */
  readonly owner?: string | undefined;
  /** Rises with every change of owner: the fence that stops a former owner. */
  readonly epoch: number;
  readonly checkpoint: Checkpoint;
}

/**
 * Who reads which shard, and the checkpoints. Every write is conditional on what the writer has seen,
 * so that of two workers one wins and the other knows.
 */
export interface LeaseStore {
  list(): Promise<readonly Lease[]>;
  /** Adds a lease, unless there is one for its shard already. */
  create(lease: Lease): Promise<void>;
  /** Makes `owner` the owner if nothing changed since `seen`; undefined when somebody was faster. */
  take(seen: Lease, owner: string): Promise<Lease | undefined>;
  /** Writes a checkpoint if `held` is still ours (owner and epoch); undefined when it is lost. */
  checkpoint(held: Lease, checkpoint: Checkpoint): Promise<Lease | undefined>;
  /** Gives the lease up, so that the next worker need not wait. Does nothing when it is lost. */
  release(held: Lease): Promise<void>;
}
