import type { _Record as SdkRecord, ChildShard as SdkChild } from '@aws-sdk/client-kinesis';
import type { SequenceNumber, ShardPosition, StreamRecord } from '@highwater/model';
import type { ChildShard } from './shard.ts';

/** Converts a record of the SDK. */
export function recordOf(record: SdkRecord): StreamRecord {
  return {
    sequenceNumber: record.SequenceNumber ?? '',
    partitionKey: record.PartitionKey ?? '',
    data: record.Data ?? new Uint8Array(),
    arrivalTimeMs: record.ApproximateArrivalTimestamp?.getTime() ?? 0,
  };
}

/** Converts a child shard of the SDK. */
export function childOf(child: SdkChild): ChildShard {
  return {
    shardId: child.ShardId ?? '',
    parentShardIds: child.ParentShards ?? [],
    startingHashKey: child.HashKeyRange?.StartingHashKey ?? '0',
    endingHashKey: child.HashKeyRange?.EndingHashKey ?? '0',
  };
}

/** The parts of a position, which two operations of the service take under different names. */
export function positionOf(position: ShardPosition): {
  readonly type: ShardPosition['type'];
  readonly sequenceNumber?: SequenceNumber;
  readonly timestamp?: Date;
} {
  switch (position.type) {
    case 'TRIM_HORIZON':
    case 'LATEST':
      return { type: position.type };
    case 'AT_TIMESTAMP':
      return { type: position.type, timestamp: new Date(position.timestampMs) };
    case 'AT_SEQUENCE_NUMBER':
    case 'AFTER_SEQUENCE_NUMBER':
      return { type: position.type, sequenceNumber: position.sequenceNumber };
  }
}
