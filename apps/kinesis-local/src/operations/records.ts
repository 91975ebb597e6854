import type { LoggedRecord, MemoryShard, PutResult } from '@highwater/testkit/stream';
import {
  hashKey,
  sequenceNumber,
  shardId,
  shardIterator,
  streamArn,
  streamReference,
} from '../request/common-members.ts';
import { blob, integer, list, oneOf, required, structure, text, time } from '../request/member.ts';
import type { WireFormat } from '../wire/wire-format.ts';
import { describeChild } from './describe-shard.ts';
import { findStream } from './find-stream.ts';
import { operation, type Operation } from './operation.ts';
import { positionTypes, shardPosition } from './shard-position.ts';

const partitionKey = text({ lengthMin: 1, lengthMax: 256 });

const entry = structure({
  Data: required(blob),
  PartitionKey: required(partitionKey),
  ExplicitHashKey: hashKey,
});

const putRecords = operation(
  structure({ ...streamReference, Records: required(list(required(entry), 1, 500)) }),
  async (request, context) => {
    const { streamName } = findStream(request, context);
    const records = request.Records.map(({ Data, PartitionKey, ExplicitHashKey }) => ({
      data: Data,
      partitionKey: PartitionKey,
      explicitHashKey: ExplicitHashKey,
    }));
    const results = await context.account.putRecords(streamName, records);
    return {
      FailedRecordCount: results.filter(({ ok }) => !ok).length,
      Records: results.map(describeResult),
    };
  },
);

function describeResult(result: PutResult): object {
  return result.ok
    ? { SequenceNumber: result.sequenceNumber, ShardId: result.shardId }
    : { ErrorCode: result.errorCode, ErrorMessage: result.errorMessage };
}

const putRecord = operation(
  structure({
    ...streamReference,
    Data: required(blob),
    PartitionKey: required(partitionKey),
    ExplicitHashKey: hashKey,
    SequenceNumberForOrdering: sequenceNumber,
  }),
  async (request, context) => {
    const { streamName } = findStream(request, context);
    const { shardId: ShardId, sequenceNumber: SequenceNumber } = await context.account.putRecord(
      streamName,
      {
        data: request.Data,
        partitionKey: request.PartitionKey,
        explicitHashKey: request.ExplicitHashKey,
      },
    );
    return { ShardId, SequenceNumber };
  },
);

const getShardIterator = operation(
  structure({
    ...streamReference,
    ShardId: required(shardId),
    ShardIteratorType: required(oneOf(...positionTypes)),
    StartingSequenceNumber: sequenceNumber,
    Timestamp: time,
  }),
  async (request, context) => {
    const { streamName } = findStream(request, context);
    const position = shardPosition({
      type: request.ShardIteratorType,
      sequenceNumber: request.StartingSequenceNumber,
      timestampMs: request.Timestamp,
    });
    const { account } = context;
    return {
      ShardIterator: await account.getIterator({
        stream: streamName,
        shardId: request.ShardId,
        position,
      }),
    };
  },
);

const getRecords = operation(
  structure({
    ShardIterator: required(shardIterator),
    Limit: integer(1, 10_000),
    StreamARN: streamArn,
  }),
  async (request, { account, wire }) => {
    const { Limit: limit = 10_000, ShardIterator: iterator } = request;
    const read = await account.getRecords({ iterator, limit });
    return {
      Records: read.records.map((record) => describeRecord(record, read.shard, wire)),
      NextShardIterator: read.nextIterator ?? undefined,
      MillisBehindLatest: read.behindLatestMs,
      ChildShards: read.children.length > 0 ? read.children.map(describeChild) : undefined,
    };
  },
);

function describeRecord(record: LoggedRecord, shard: MemoryShard, wire: WireFormat): object {
  return {
    SequenceNumber: shard.minter.of(record.index, record.arrivalMs),
    ApproximateArrivalTimestamp: wire.time(record.arrivalMs),
    Data: wire.blob(record.data),
    PartitionKey: record.partitionKey,
  };
}

export const recordOperations: Readonly<Record<string, Operation>> = {
  PutRecord: putRecord,
  PutRecords: putRecords,
  GetShardIterator: getShardIterator,
  GetRecords: getRecords,
};
