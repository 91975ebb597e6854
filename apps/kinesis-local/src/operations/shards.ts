import { hashKey, shardId, streamReference } from '../request/common-members.ts';
import { integer, oneOf, required, structure } from '../request/member.ts';
import { findStream } from './find-stream.ts';
import { listShards } from './list-shards.ts';
import { operation, type Operations } from './operation.ts';

const splitShard = operation(
  structure({
    ...streamReference,
    ShardToSplit: required(shardId),
    NewStartingHashKey: required(hashKey),
  }),
  async (request, context) => {
    const { streamName } = findStream(request, context);
    await context.account.splitShard(streamName, request.ShardToSplit, request.NewStartingHashKey);
  },
);

const mergeShards = operation(
  structure({
    ...streamReference,
    ShardToMerge: required(shardId),
    AdjacentShardToMerge: required(shardId),
  }),
  async (request, context) => {
    const { streamName } = findStream(request, context);
    await context.account.mergeShards(
      streamName,
      request.ShardToMerge,
      request.AdjacentShardToMerge,
    );
  },
);

const updateShardCount = operation(
  structure({
    ...streamReference,
    TargetShardCount: required(integer(1, 100_000)),
    ScalingType: required(oneOf('UNIFORM_SCALING')),
  }),
  async (request, context) => {
    const stream = findStream(request, context);
    const CurrentShardCount = stream.openShards.length;
    await context.account.updateShardCount(stream.streamName, request.TargetShardCount);
    return {
      StreamName: stream.streamName,
      CurrentShardCount,
      TargetShardCount: request.TargetShardCount,
      StreamARN: stream.arn,
    };
  },
);

export const shardOperations: Operations = {
  ListShards: listShards,
  SplitShard: splitShard,
  MergeShards: mergeShards,
  UpdateShardCount: updateShardCount,
};
