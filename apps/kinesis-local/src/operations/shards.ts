import { hashKey, nextToken, shardId, streamReference } from '../request/common-members.ts';
import { integer, oneOf, required, structure, time } from '../request/member.ts';
import { describeShard } from './describe-shard.ts';
import { findStream } from './find-stream.ts';
import { operation, type Operation } from './operation.ts';

const listShards = operation(
  structure({
    ...streamReference,
    NextToken: nextToken,
    ExclusiveStartShardId: shardId,
    MaxResults: integer(1, 10_000),
    StreamCreationTimestamp: time,
  }),
  (request, context) => {
    const stream = findStream(request, context);
    const { ExclusiveStartShardId: after } = request;
    const shards = stream.shards.filter((shard) => after === undefined || shard.shardId > after);
    return { Shards: shards.map(describeShard) };
  },
);

const splitShard = operation(
  structure({
    ...streamReference,
    ShardToSplit: required(shardId),
    NewStartingHashKey: required(hashKey),
  }),
  (request, context) => {
    const { streamName } = findStream(request, context);
    context.account.splitShard(streamName, request.ShardToSplit, request.NewStartingHashKey);
  },
);

const mergeShards = operation(
  structure({
    ...streamReference,
    ShardToMerge: required(shardId),
    AdjacentShardToMerge: required(shardId),
  }),
  (request, context) => {
    const { streamName } = findStream(request, context);
    context.account.mergeShards(streamName, request.ShardToMerge, request.AdjacentShardToMerge);
  },
);

const updateShardCount = operation(
  structure({
    ...streamReference,
    TargetShardCount: required(integer(1, 100_000)),
    ScalingType: required(oneOf('UNIFORM_SCALING')),
  }),
  (request, context) => {
    const stream = findStream(request, context);
    const CurrentShardCount = stream.openShards.length;
    context.account.updateShardCount(stream.streamName, request.TargetShardCount);
    return {
      StreamName: stream.streamName,
      CurrentShardCount,
      TargetShardCount: request.TargetShardCount,
      StreamARN: stream.arn,
    };
  },
);

export const shardOperations: Readonly<Record<string, Operation>> = {
  ListShards: listShards,
  SplitShard: splitShard,
  MergeShards: mergeShards,
  UpdateShardCount: updateShardCount,
};
