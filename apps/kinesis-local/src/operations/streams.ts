import {
  ServiceException,
  type KinesisAccount,
  type MemoryStream,
} from '@highwater/kinesis-engine';
import {
  nextToken,
  recordDistribution,
  shardId,
  streamModeDetails,
  streamName,
  streamReference,
  tags,
} from '../request/common-members.ts';
import { flag, integer, required, structure } from '../request/member.ts';
import { describeShard } from './describe-shard.ts';
import { describeStream, describeSummary } from './describe-stream.ts';
import { findStream } from './find-stream.ts';
import { operation, type Operations } from './operation.ts';

/** Maximum streams in the state CREATING, if limits are enforced. */
const creatingMax = 5;
/** The quota of an account in the largest regions. */
const shardLimit = 20_000;
const onDemandStreamLimit = 50;

const createStream = operation(
  structure({
    StreamName: required(streamName),
    ShardCount: integer(1, 100_000),
    StreamModeDetails: streamModeDetails,
    Tags: tags,
    WarmThroughputMiBps: integer(0, 10_240),
    MaxRecordSizeInKiB: integer(1024, 10_240),
    RecordDistributionStrategy: recordDistribution,
  }),
  async (request, { account }) => {
    const mode = request.StreamModeDetails?.StreamMode ?? 'PROVISIONED';
    const distribution = request.RecordDistributionStrategy ?? 'USER_PARTITION_KEY';
    if (mode === 'PROVISIONED' && request.ShardCount === undefined) {
      throw invalid('ShardCount must be specified for a stream in PROVISIONED mode.');
    }
    if (mode === 'ON_DEMAND' && request.ShardCount !== undefined) {
      throw invalid('ShardCount can not be specified for a stream in ON_DEMAND mode.');
    }
    if (mode === 'PROVISIONED' && distribution === 'AUTO') {
      throw invalid('RecordDistributionStrategy AUTO needs the ON_DEMAND mode.');
    }
    if (account.enforcesLimits) checkCreating(account);
    await account.createStream({
      streamName: request.StreamName,
      shardsCount: request.ShardCount,
      settings: {
        mode,
        distribution,
        tags: request.Tags ?? new Map(),
        recordBytesMax: (request.MaxRecordSizeInKiB ?? 1024) * 1024,
        warmThroughputMiBps: request.WarmThroughputMiBps,
      },
    });
  },
);

function checkCreating(account: KinesisAccount): void {
  const creating = account.streams().filter(({ status }) => status === 'CREATING');
  if (creating.length < creatingMax) return;
  throw new ServiceException(
    'LimitExceededException',
    `${creating.length} streams are in the state CREATING, at most ${creatingMax}.`,
  );
}

const deleteStream = operation(
  structure({ ...streamReference, EnforceConsumerDeletion: flag }),
  async (request, context) => {
    const stream = findStream(request, context);
    if (stream.consumers.size > 0 && request.EnforceConsumerDeletion !== true) {
      throw new ServiceException(
        'ResourceInUseException',
        `Stream ${stream.streamName} has ${stream.consumers.size} registered consumers; deregister them or set EnforceConsumerDeletion.`,
      );
    }
    await context.account.deleteStream(stream.streamName);
  },
);

const describe = operation(
  structure({ ...streamReference, Limit: integer(1, 10_000), ExclusiveStartShardId: shardId }),
  (request, context) => {
    const stream = findStream(request, context);
    const { Limit = 100, ExclusiveStartShardId: after } = request;
    const rest = stream.shards.filter((shard) => after === undefined || shard.shardId > after);
    const shards = rest.slice(0, Limit);
    return {
      StreamDescription: {
        ...describeStream(stream, context.wire),
        Shards: shards.map(describeShard),
        HasMoreShards: rest.length > shards.length,
      },
    };
  },
);

const describeStreamSummary = operation(structure(streamReference), (request, context) => ({
  StreamDescriptionSummary: describeSummary(findStream(request, context), context.wire),
}));

const listStreams = operation(
  structure({
    Limit: integer(1, 10_000),
    ExclusiveStartStreamName: streamName,
    NextToken: nextToken,
  }),
  ({ Limit = 100, ExclusiveStartStreamName, NextToken }, { account, wire }) => {
    const after = NextToken ?? ExclusiveStartStreamName ?? '';
    const rest = account.streams().filter((stream) => stream.streamName > after);
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
        StreamModeDetails: { StreamMode: stream.settings.mode },
        StreamCreationTimestamp: wire.time(stream.createdMs),
      })),
    };
  },
);

const describeLimits = operation(structure({}), (_request, { account }) => {
  const streams = account.streams();
  const onDemand = streams.filter(({ settings }) => settings.mode === 'ON_DEMAND');
  return {
    ShardLimit: shardLimit,
    OpenShardCount: streams.reduce(openShards, 0),
    OnDemandStreamCount: onDemand.length,
    OnDemandStreamCountLimit: onDemandStreamLimit,
  };
});

function openShards(sum: number, stream: MemoryStream): number {
  return sum + stream.openShards.length;
}

function invalid(detail: string): ServiceException {
  return new ServiceException('InvalidArgumentException', detail);
}

export const streamOperations: Operations = {
  CreateStream: createStream,
  DeleteStream: deleteStream,
  DescribeLimits: describeLimits,
  DescribeStream: describe,
  DescribeStreamSummary: describeStreamSummary,
  ListStreams: listStreams,
};
