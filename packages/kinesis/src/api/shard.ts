import type { SequenceNumber } from '@highwater/model';

/** A shard as `ListShards` describes it. */
export interface Shard {
  readonly shardId: string;
  /** One parent after a split, two after a merge. A parent may already be missing from the list. */
  readonly parentShardIds: readonly string[];
  /** Both inclusive, decimal, 0 to 2^128 − 1. */
  readonly startingHashKey: string;
  readonly endingHashKey: string;
  readonly startingSequenceNumber: SequenceNumber;
  /** Present on a closed shard. */
  readonly endingSequenceNumber?: SequenceNumber | undefined;
}

/** A shard that continues a closed one, as the last reply of the parent describes it. */
export interface ChildShard {
  readonly shardId: string;
  readonly parentShardIds: readonly string[];
  readonly startingHashKey: string;
  readonly endingHashKey: string;
}
