import { ServiceException, type MemoryStream, type PutResult } from '@highwater/kinesis-engine';
import type { KinesisLocalMetrics } from '../metrics.ts';
import {
  hashKey,
  sequenceNumber,
  shardId,
  streamArn,
  streamReference,
} from '../request/common-members.ts';
import {
  blob,
  flag,
  integer,
  list,
  oneOf,
  required,
  structure,
  text,
  time,
} from '../request/member.ts';
import { describeChild } from './describe-shard.ts';
import { describeRecord } from './describe-record.ts';
import { checkDryRun } from './dry-run.ts';
import { findStream } from './find-stream.ts';
import { operation, type Operations } from './operation.ts';
import { putWithFaults } from './put-with-faults.ts';
import { positionTypes, shardPosition } from './shard-position.ts';

const record = {
  Data: required(blob),
  PartitionKey: text({ lengthMin: 1, lengthMax: 256 }),
  ExplicitHashKey: hashKey,
};

const putRecords = operation(
  structure({
    ...streamReference,
    Records: required(list(required(structure(record)), 1, 500)),
    DryRun: flag,
  }),
  async (request, context) => {
    const stream = findStream(request, context);
    const records = request.Records.map((given) => toRecord(given, stream));
    checkDryRun(request);
    const { account, plan, metrics } = context;
    const results = await putWithFaults(account, stream.streamName, records, plan);
    return {
      FailedRecordCount: countResults(results, metrics),
      Records: results.map(describeResult),
      EncryptionType: encryptionType(stream),
    };
  },
);

/** @returns how many records were rejected */
function countResults(results: readonly PutResult[], metrics: KinesisLocalMetrics): number {
  const refusedCount = results.reduce((count, { ok }) => (ok ? count : count + 1), 0);
  metrics.recordsIn.inc(results.length - refusedCount);
  metrics.recordsRefused.inc(refusedCount);
  return refusedCount;
}

function describeResult(result: PutResult): object {
  return result.ok
    ? { SequenceNumber: result.sequenceNumber, ShardId: result.shardId }
    : { ErrorCode: result.errorCode, ErrorMessage: result.errorMessage };
}

const putRecord = operation(
  structure({
    ...streamReference,
    ...record,
    SequenceNumberForOrdering: sequenceNumber,
    DryRun: flag,
  }),
  async (request, context) => {
    const stream = findStream(request, context);
    const records = [toRecord(request, stream)];
    checkDryRun(request);
    // Sequence numbers of a shard always rise here, so the one given for ordering changes nothing.
    const results = await context.account.putRecords(stream.streamName, records);
    countResults(results, context.metrics);
    const [result] = results;
    if (!result?.ok) {
      throw new ServiceException(
        result?.errorCode ?? 'InternalFailure',
        result?.errorMessage ?? '',
      );
    }
    return { ...describeResult(result), EncryptionType: encryptionType(stream) };
  },
);

function toRecord(
  given: {
    readonly Data: Uint8Array;
    readonly PartitionKey?: string | undefined;
    readonly ExplicitHashKey?: string | undefined;
  },
  stream: MemoryStream,
) {
  const { Data: data, PartitionKey: partitionKey, ExplicitHashKey: explicitHashKey } = given;
  if (partitionKey === undefined && stream.settings.distribution !== 'AUTO') {
    throw new ServiceException(
      'ValidationException',
      "1 validation error detected: Value null at 'partitionKey' failed to satisfy constraint: Member must not be null",
    );
  }
  return { data, partitionKey: partitionKey ?? '', explicitHashKey };
}

function encryptionType({ settings }: MemoryStream): string | undefined {
  return settings.encryptionKeyId === undefined ? undefined : 'KMS';
}

const getShardIterator = operation(
  structure({
    ...streamReference,
    ShardId: required(shardId),
    ShardIteratorType: required(oneOf(...positionTypes)),
    StartingSequenceNumber: sequenceNumber,
    Timestamp: time,
    DryRun: flag,
  }),
  async (request, context) => {
    const { streamName } = findStream(request, context);
    const position = shardPosition({
      type: request.ShardIteratorType,
      sequenceNumber: request.StartingSequenceNumber,
      timestampMs: request.Timestamp,
    });
    const iterator = await context.account.getIterator({
      stream: streamName,
      shardId: request.ShardId,
      position,
    });
    checkDryRun(request);
    return { ShardIterator: iterator };
  },
);

const recordsMax = 10_000;

const getRecords = operation(
  structure({
    ShardIterator: required(text({ lengthMin: 1, lengthMax: 512 })),
    Limit: integer(1, 2 ** 31 - 1),
    StreamARN: streamArn,
    DryRun: flag,
  }),
  async (request, { account, wire, plan, metrics }) => {
    const { Limit: limit = recordsMax, ShardIterator: iterator } = request;
    // "If you specify a value that is greater than 10,000, GetRecords throws
    // InvalidArgumentException": not the ValidationException of other limits.
    if (limit > recordsMax) {
      throw new ServiceException(
        'InvalidArgumentException',
        `Limit ${limit} exceeds the maximum of ${recordsMax}.`,
      );
    }
    checkDryRun(request);
    if (plan?.isExpired()) {
      throw new ServiceException('ExpiredIteratorException', 'Iterator expired: injected fault.');
    }
    const read = await account.getRecords({ iterator, limit });
    metrics.recordsOut.inc({ way: 'poll' }, read.records.length);
    const next = plan?.isDuplicate() ? iterator : read.nextIterator;
    const { encryptionKeyId } = read.stream.settings;
    return {
      Records: read.records.map((item) => describeRecord(item, read.shard, encryptionKeyId, wire)),
      NextShardIterator: next ?? undefined,
      MillisBehindLatest: read.behindLatestMs,
      ChildShards: read.children.length > 0 ? read.children.map(describeChild) : undefined,
    };
  },
);

export const recordOperations: Operations = {
  GetRecords: getRecords,
  GetShardIterator: getShardIterator,
  PutRecord: putRecord,
  PutRecords: putRecords,
};
