import type { OutgoingRecord, SequenceNumber, ShardPosition, StreamRecord } from '@highwater/model';
import type { FanOutApi } from './fan-out-api.ts';
import type { ChildShard, Shard } from './shard.ts';

/** One reply of `GetRecords`. */
export interface GetRecordsReply {
  readonly records: readonly StreamRecord[];
  /** `null` when the shard is closed and read to its end. */
  readonly nextIterator: string | null;
  /** 0 means the tip; an empty reply alone does not. */
  readonly behindLatestMs: number;
  /** Only with the last reply of a closed shard; some servers leave it out. */
  readonly childShards: readonly ChildShard[];
}

/** The outcome of one entry of `PutRecords`. */
export type PutResult =
  | { readonly ok: true; readonly shardId: string; readonly sequenceNumber: SequenceNumber }
  | { readonly ok: false; readonly errorCode: string; readonly errorMessage: string };

/** A stream's state, from `DescribeStreamSummary`. */
export interface StreamSummary {
  readonly arn: string;
  readonly status: 'CREATING' | 'DELETING' | 'ACTIVE' | 'UPDATING';
  readonly creationTimeMs: number;
  readonly retentionHours: number;
  readonly openShardsCount: number;
}

/**
 * The part of the Kinesis API that the producer and the consumer use, for one stream by name. The
 * SDK implements it, and so does the stream of `testkit`; both pass one contract test.
 *
 * Every call throws `KinesisError`, with the service's own exception name, or the reason of an
 * aborted signal. Calls do not retry.
 */
export interface KinesisApi extends FanOutApi {
  describe(stream: string, signal?: AbortSignal): Promise<StreamSummary>;
  create(stream: string, shardsCount: number, signal?: AbortSignal): Promise<void>;
  listShards(stream: string, signal?: AbortSignal): Promise<readonly Shard[]>;
  getIterator(
    request: {
      readonly stream: string;
      readonly shardId: string;
      readonly position: ShardPosition;
    },
    signal?: AbortSignal,
  ): Promise<string>;
  getRecords(
    request: { readonly iterator: string; readonly limit: number },
    signal?: AbortSignal,
  ): Promise<GetRecordsReply>;
  /** One result per entry, in order. The call succeeds even when entries failed. */
  putRecords(
    stream: string,
    records: readonly OutgoingRecord[],
    signal?: AbortSignal,
  ): Promise<readonly PutResult[]>;
}
