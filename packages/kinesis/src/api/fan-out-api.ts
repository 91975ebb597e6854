import type { SequenceNumber, ShardPosition, StreamRecord } from '@highwater/model';
import type { ChildShard } from './shard.ts';

/** A reader that is registered with a stream and has its own throughput. */
export interface StreamConsumer {
  readonly consumerName: string;
  /**
   * Names it and the moment of its registration. After another registration, it has another ARN.
   */
  readonly consumerArn: string;
  readonly status: 'CREATING' | 'ACTIVE' | 'DELETING';
}

/** One event of a subscription. */
export interface SubscriptionEvent {
  readonly records: readonly StreamRecord[];
  /**
   * Where to continue after this event, even if it has no records; undefined with the last event of
   * a closed shard.
   */
  readonly continuation: SequenceNumber | undefined;
  /** 0 means the tip. */
  readonly behindLatestMs: number;
  /** Only with the last event of a closed shard. */
  readonly childShards: readonly ChildShard[];
}

/**
 * The part of the Kinesis API that enhanced fan-out uses. Calls throw the same errors as `KinesisApi`,
 * and so does the iteration of a subscription.
 */
export interface FanOutApi {
  listConsumers(stream: string, signal?: AbortSignal): Promise<readonly StreamConsumer[]>;
  /** It can be used when its status is ACTIVE, which takes some seconds. */
  registerConsumer(
    stream: string,
    consumerName: string,
    signal?: AbortSignal,
  ): Promise<StreamConsumer>;
  deregisterConsumer(consumerArn: string, signal?: AbortSignal): Promise<void>;
  /**
   * Resolves when the subscription is active. It ends after five minutes, with its shard, or when
   * the signal aborts. The caller must always abort the signal: leaving the loop is not enough. A
   * broken connection may look like an end. Events arrive as fast as they are read.
   */
  subscribe(
    request: {
      readonly consumerArn: string;
      readonly shardId: string;
      readonly position: ShardPosition;
    },
    signal: AbortSignal,
  ): Promise<AsyncIterable<SubscriptionEvent>>;
}
