import type { Clock, DeadLetters, Logger, ShardProcessor } from '@highwater/model';
import type { ConsumerMetrics } from '../consumer-metrics.ts';
import type { ForeignPolicy } from '../kpl/foreign-records.ts';
import type { KinesisApi } from '../api/kinesis-api.ts';
import type { LeaseSharing } from '../leases/lease-keeper.ts';
import type { Checkpoint, LeaseStore } from '../leases/lease-store.ts';
import type { StateStore } from '../snapshots/state-store.ts';

/** The times and limits of a consumer, see `consumerConfig`. */
export interface ConsumerTiming {
  readonly batchRecordsMax: number;
  readonly readIntervalMs: number;
  readonly pollIntervalMs: number;
  readonly idleAfterMs: number;
  readonly checkpointIntervalMs: number;
  readonly shardSyncIntervalMs: number;
}

/** How a consumer reads; each has its default in `consumerConfig`. */
export interface ConsumerReading {
  /** The name under which shards are read by enhanced fan-out; absent for polling. */
  readonly consumerName?: string | undefined;
  readonly stallMs?: number | undefined;
  readonly foreign?: ForeignPolicy | undefined;
  readonly bufferBytesMax?: number | undefined;
}

/** The dependencies of a consumer. */
export interface ConsumerOptions {
  readonly api: KinesisApi;
  readonly stream: string;
  readonly leases: LeaseStore;
  readonly states: StateStore;
  /** Names this worker in the leases: different in every process and after every start. */
  readonly owner: string;
  /** How workers share the shards; absent when there is one worker, which then reads them all. */
  readonly sharing?: LeaseSharing | undefined;
  /** Where a shard without a checkpoint starts. A child of a known shard starts at its oldest record. */
  readonly start: Checkpoint['position'];
  /** What to do about a snapshot that is lost: refuse, or rebuild it by reading again. */
  readonly recover?: 'refuse' | 'replay' | undefined;
  readonly timing: ConsumerTiming;
  readonly read?: ConsumerReading | undefined;
  /** Called again for a shard of which a processor has thrown: the state of that one is lost. */
  readonly createProcessor: (shardId: string) => ShardProcessor;
  /** Where records go that cannot be processed. */
  readonly deadLetters: DeadLetters;
  /** The service, as its dead letters name it. */
  readonly stage: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: ConsumerMetrics;
  /** Uniform in [0, 1), for jitter. */
  readonly random: () => number;
  /** Called once, when this worker has taken its first share of the shards. */
  readonly onReading?: (() => void) | undefined;
}
