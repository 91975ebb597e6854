import { ServiceException, type MemoryStream } from '@highwater/testkit/stream';
import { shardId, streamName, streamReference } from '../request/common-members.ts';
import { flag, integer, oneOf, required, structure, text } from '../request/member.ts';
import { describeShard } from './describe-shard.ts';
import { findStream } from './find-stream.ts';
import { operation, type Operation, type OperationContext } from './operation.ts';

const streamMode = structure({ StreamMode: required(oneOf('PROVISIONED', 'ON_DEMAND')) });

const createStream = operation(
  structure({
    StreamName: required(streamName),
    ShardCount: integer(1, 100_000),
    StreamModeDetails: streamMode,
  }),
  ({ StreamName, ShardCount, StreamModeDetails }, { account }) => {
    const mode = StreamModeDetails?.StreamMode ?? 'PROVISIONED';
    if (mode === 'PROVISIONED' && ShardCount === undefined) {
      throw new ServiceException(
        'InvalidArgumentException',
        'ShardCount must be specified for a stream in PROVISIONED mode.',
      );
    }
    account.createStream({ streamName: StreamName, shardsCount: ShardCount, mode });
  },
);

const deleteStream = operation(
  structure({ ...streamReference, EnforceConsumerDeletion: flag }),
  (request, context) => context.account.deleteStream(findStream(request, context).streamName),
);

const describeStream = operation(
  structure({ ...streamReference, Limit: integer(1, 10_000), ExclusiveStartShardId: shardId }),
  (request, context) => {
    const stream = findStream(request, context);
    const { Limit = 100, ExclusiveStartShardId: after } = request;
    const rest = stream.shards.filter((shard) => after === undefined || shard.shardId > after);
    const shards = rest.slice(0, Limit);
    return {
      StreamDescription: {
        ...describeCommon(stream, context),
        Shards: shards.map(describeShard),
        HasMoreShards: rest.length > shards.length,
      },
    };
  },
);

const describeStreamSummary = operation(structure(streamReference), (request, context) => {
  const stream = findStream(request, context);
  return {
    StreamDescriptionSummary: {
      ...describeCommon(stream, context),
      OpenShardCount: stream.openShards.length,
      ConsumerCount: 0,
    },
  };
});

const listStreams = operation(
  structure({
    Limit: integer(1, 10_000),
    ExclusiveStartStreamName: streamName,
    NextToken: text({ lengthMin: 1, lengthMax: 1_048_576 }),
  }),
  ({ Limit = 100, ExclusiveStartStreamName, NextToken }, context) => {
    const after = NextToken ?? ExclusiveStartStreamName ?? '';
    const rest = context.account.streams().filter(({ streamName: name }) => name > after);
    const page = rest.slice(0, Limit);
    const hasMore = rest.length > page.length;
    return {
      StreamNames: page.map((stream) => stream.streamName),
      HasMoreStreams: hasMore,
      NextToken: hasMore ? page.at(-1)?.streamName : undefined,
      StreamSummaries: page.map((stream) => ({
        StreamName: stream.streamName,
        StreamARN: stream.arn,
        StreamStatus: stream.status,
        StreamModeDetails: { StreamMode: stream.mode },
        StreamCreationTimestamp: context.wire.time(stream.createdMs),
      })),
    };
  },
);

/** What both descriptions of a stream have in common. */
function describeCommon(stream: MemoryStream, { wire }: OperationContext): object {
  return {
    StreamName: stream.streamName,
    StreamARN: stream.arn,
    StreamStatus: stream.status,
    StreamModeDetails: { StreamMode: stream.mode },
    RetentionPeriodHours: stream.retentionHours,
    StreamCreationTimestamp: wire.time(stream.createdMs),
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    EncryptionType: 'NONE',
  };
}

export const streamOperations: Readonly<Record<string, Operation>> = {
  CreateStream: createStream,
  DeleteStream: deleteStream,
  DescribeStream: describeStream,
  DescribeStreamSummary: describeStreamSummary,
  ListStreams: listStreams,
};
