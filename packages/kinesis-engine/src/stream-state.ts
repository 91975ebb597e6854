import type { ReshardStep } from './reshard-plan.ts';
import type { ShardState } from './memory-shard.ts';

export type StreamMode = 'PROVISIONED' | 'ON_DEMAND';
export type StreamStatus = 'CREATING' | 'DELETING' | 'ACTIVE' | 'UPDATING';
export type RecordDistribution = 'USER_PARTITION_KEY' | 'AUTO';

/** A change that is under way, and when it is done. Data, so that it can be kept and resumed. */
export type Transition = { readonly atMs: number } & (
  | { readonly type: 'activate' | 'delete' }
  | { readonly type: 'reshard'; readonly step: ReshardStep }
  | { readonly type: 'scale'; readonly shardsCount: number }
);

/** A registered reader with a throughput of its own. */
export interface ConsumerState {
  readonly consumerName: string;
  readonly consumerArn: string;
  readonly createdMs: number;
  readonly activeMs: number;
  readonly deletedMs?: number | undefined;
  readonly tags: ReadonlyMap<string, string>;
  /** JSON text. Absent: none. */
  readonly policy?: string | undefined;
}

/** What of a stream its owner may change. */
export interface StreamSettings {
  mode: StreamMode;
  retentionHours: number;
  recordBytesMax: number;
  distribution: RecordDistribution;
  /** Absent: not encrypted. */
  encryptionKeyId: string | undefined;
  tags: ReadonlyMap<string, string>;
  /** JSON text. Absent: none. */
  policy?: string | undefined;
  shardLevelMetrics: readonly string[];
  warmThroughputMiBps: number | undefined;
  /** Whether the service's limits are kept for this stream. */
  enforcesLimits: boolean;
}

/** All of a stream but its records. */
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
  /** When the number of shards was last updated, for the limit on a day. */
  readonly scaledMs: readonly number[];
}
