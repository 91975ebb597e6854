import type { MemoryShard } from '@highwater/kinesis-engine';

/** A shard as ListShards and DescribeStream show it. */
export function describeShard(shard: MemoryShard): object {
  const [parent, adjacentParent] = shard.parentShardIds;
  return {
    ShardId: shard.shardId,
    ParentShardId: parent,
    AdjacentParentShardId: adjacentParent,
    HashKeyRange: describeRange(shard),
    SequenceNumberRange: {
      StartingSequenceNumber: shard.minter.starting,
      EndingSequenceNumber: shard.endingSequenceNumber,
    },
  };
}

/** A shard as the last reply of its parent shows it. */
export function describeChild(shard: MemoryShard): object {
  return {
    ShardId: shard.shardId,
    ParentShards: shard.parentShardIds,
    HashKeyRange: describeRange(shard),
  };
}

function describeRange({ range }: MemoryShard): object {
  return { StartingHashKey: range.start.toString(), EndingHashKey: range.end.toString() };
}
