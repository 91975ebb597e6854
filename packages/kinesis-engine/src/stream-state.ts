import type { ReshardStep } from './reshard-plan.ts';
import type { ShardState } from './memory-shard.ts';

export type StreamMode = 'PROVISIONED' | 'ON_DEMAND';
export type StreamStatus = 'CREATING' | 'DELETING' | 'ACTIVE' | 'UPDATING';
export type RecordDistribution = 'USER_PARTITION_KEY' | 'AUTO';

/** A change in progress, and when it is done. Plain data, so that it can be stored and resumed. */
export type Transition = { readonly atMs: number } & (
  | { readonly type: 'activate' | 'delete' }
  | { readonly type: 'reshard'; readonly step: ReshardStep }
  | { readonly type: 'scale'; readonly shardsCount: number }
);

/** A registered reader with its own throughput. */
export interface ConsumerState {
  readonly consumerName: string;
  readonly consumerArn: string;
  readonly createdMs: number;
  readonly activeMs: number;
  readonly deletedMs?: number | undefined;
  readonly tags: ReadonlyMap<string, string>;
  /** JSON text; undefined when there is none. */
  readonly policy?: string | undefined;
}

/** The properties of a stream that its owner may change. */
export interface StreamSettings {
  mode: StreamMode;
  retentionHours: number;
  recordBytesMax: number;
  distribution: RecordDistribution;
  /** Undefined: not encrypted. */
  encryptionKeyId: string | undefined;
  tags: ReadonlyMap<string, string>;
  /** JSON text; undefined when there is none. */
  policy?: string | undefined;
  shardLevelMetrics: readonly string[];
  warmThroughputMiBps: number | undefined;
  /** Whether the service's limits are enforced for this stream. */
  enforcesLimits: boolean;
}

/** The state of a stream without its records. */
export interface StreamState {
  readonly streamName: string;
  readonly arn: string;
  readonly createdMs: number;
  readonly status: StreamStatus;
  readonly settings: Readonly<StreamSettings>;
  readonly shardsMade: number;
  readonly shards: readonly ShardState[];
  readonly transitions: readonly Transition[];
  readonly consumers: readonly ConsumerState[];
  /** When the number of shards was last updated, for the limit per day. */
  readonly scaledMs: readonly number[];
}
