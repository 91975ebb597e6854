import type { SequenceNumber } from './sequence-number.ts';
import type { Batch } from './stream-record.ts';

/** One shard of the consumed stream. */
export interface ShardInfo {
  readonly stream: string;
  readonly shardId: string;
  readonly parentShardIds: readonly string[];
}

/** Where a rebuild without a snapshot starts. */
export interface ReplayFrom {
  /** The lowest record that the open state still needs. */
  readonly sequenceNumber: SequenceNumber;
  /** The watermark before that record. */
  readonly watermarkMs?: number | undefined;
  /** The newest event time that was accepted before. A changed view starts after it. */
  readonly newestEventTimeMs?: number | undefined;
}

/** The state that a processor starts from. */
export interface ProcessorStart {
  readonly shard: ShardInfo;
  /**
   * The state of this shard's last checkpoint; undefined for a shard that is read for the first
   * time.
   */
  readonly ownSnapshot?: Uint8Array | undefined;
  /**
   * The state at an earlier position, so that lateness is judged as in the first run. Present when
   * the shard's snapshot is lost and its state is rebuilt from that position. A shard that is
   * rebuilt from its oldest record starts as it did the first time.
   */
  readonly replay?: Omit<ReplayFrom, 'sequenceNumber'> | undefined;
  /**
   * The final states of the shard's parents, if it is a child that is read from its oldest record.
   */
  readonly parentSnapshots: readonly Uint8Array[];
  /** The other shards of the stream that have not been read to their ends, as far as is known. */
  readonly peerShardIds: readonly string[];
}

/** The whole state of a processor at one position of its shard. */
export interface ProcessorSnapshot {
  readonly state: Uint8Array;
  /**
   * Event time up to which input is considered complete, ms; undefined when the processor has no
   * watermark.
   */
  readonly watermarkMs?: number | undefined;
  /** Undefined when nothing is open. */
  readonly replayFrom?: ReplayFrom | undefined;
}

/**
 * The reason why this process stops processing a shard: its last record was processed, another
 * worker has it, or this process is stopping.
 */
export type CloseReason = 'shard_end' | 'lease_lost' | 'shutdown';

/**
 * The work of a service on one shard. Calls never overlap. The accepted points and the results are a
 * pure function of the shard's records in order.
 */
export interface ShardProcessor {
  open(start: ProcessorStart): Promise<void>;
  /** Resolves when everything that follows from the batch has been accepted downstream. */
  process(batch: Batch): Promise<void>;
  /** Called about once a second between batches; `isIdle` after the shard was caught up and quiet for a while. */
  tick(nowMs: number, isIdle: boolean): Promise<void>;
  snapshot(): ProcessorSnapshot;
  /** Called when the checkpoint with the last `snapshot()` is durable. */
  committed(): Promise<void>;
  /**
   * The last call, except for `snapshot()` and `committed()` at the end of a shard. After
   * `shard_end`, everything that is left must have been accepted downstream. `children` continue
   * the shard.
   */
  close(reason: CloseReason, children: readonly string[]): Promise<void>;
}
