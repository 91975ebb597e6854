import type { Clock, DeadLetters, Logger, ShardProcessor } from '@highwater/model';
import type { ConsumerMetrics } from '../consumer-metrics.ts';
import type { ForeignPolicy } from '../kpl/foreign-records.ts';
import type { KinesisApi } from '../api/kinesis-api.ts';
import type { LeaseSharing } from '../leases/lease-keeper.ts';
import type { Checkpoint, LeaseStore } from '../leases/lease-store.ts';
import type { StateStore } from '../snapshots/state-store.ts';

/** The durations and limits of a consumer, see `consumerConfig`. */
export interface ConsumerTiming {
  readonly batchRecordsMax: number;
  readonly readIntervalMs: number;
  readonly pollIntervalMs: number;
  readonly idleAfterMs: number;
  readonly checkpointIntervalMs: number;
  readonly shardSyncIntervalMs: number;
}

/** How a consumer reads. The defaults are in `consumerConfig`. */
export interface ConsumerReading {
  /** The name of the enhanced fan-out consumer; undefined for polling. */
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
  /**
   * How workers share the shards; undefined when there is one worker, which then reads them all.
   */
  readonly sharing?: LeaseSharing | undefined;
  /** Where a shard without a checkpoint starts. A child of a known shard starts at its oldest record. */
  readonly start: Checkpoint['position'];
  /** How to handle a lost snapshot: refuse to start, or rebuild it by reading again. */
  readonly recover?: 'refuse' | 'replay' | undefined;
  readonly timing: ConsumerTiming;
  readonly read?: ConsumerReading | undefined;
  /**
   * Called again for a shard whose processor has thrown, because the state of that processor is
   * lost.
   */
  readonly createProcessor: (shardId: string) => ShardProcessor;
  /** Destination of records that cannot be processed. */
  readonly deadLetters: DeadLetters;
  /** The name of the service in its dead letters. */
  readonly stage: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: ConsumerMetrics;
  /** Uniform in [0, 1), for jitter. */
  readonly random: () => number;
  /** Called once, when this worker has taken its first share of the shards. */
  readonly onReading?: (() => void) | undefined;
}
