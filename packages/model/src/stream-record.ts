import type { SequenceNumber } from './sequence-number.ts';

/** One record as read from a shard. */
export interface StreamRecord {
  readonly sequenceNumber: SequenceNumber;
  /** Index in the aggregate that contained it; undefined when it was not in an aggregate. */
  readonly subSequenceNumber?: number | undefined;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  /** `ApproximateArrivalTimestamp`, ms since the Unix epoch: set once by the stream. */
  readonly arrivalTimeMs: number;
}

/** Records delivered together from one shard, in order. */
export interface Batch {
  readonly stream: string;
  readonly shardId: string;
  readonly records: readonly StreamRecord[];
  /** How far the end of this batch is behind the tip of the shard; 0 at the tip. */
  readonly behindLatestMs: number;
}

/** A record to be put on a stream. */
export interface OutgoingRecord {
  readonly partitionKey: string;
  /** Decimal, 0 to 2^128 − 1; overrides the hash of the partition key. */
  readonly explicitHashKey?: string | undefined;
  readonly data: Uint8Array;
}
