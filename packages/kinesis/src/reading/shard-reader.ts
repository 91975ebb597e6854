import type { Batch, Clock, Logger, ShardPosition } from '@highwater/model';
import type { BufferBudget } from './buffer-budget.ts';
import type { ConsumerMetrics } from '../consumer-metrics.ts';
import type { KinesisApi } from '../api/kinesis-api.ts';
import type { ChildShard } from '../api/shard.ts';
import type { ReadPosition } from '../api/read-position.ts';

/** The options of a shard reader, for polling and fan-out. */
export interface ShardReaderOptions<Position = ShardPosition> {
  readonly api: KinesisApi;
  readonly stream: string;
  readonly shardId: string;
  /** Where to start. */
  readonly position: Position;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: ConsumerMetrics;
  /** Shared by all shards of the worker. */
  readonly budget: BufferBudget;
  /** Uniform in [0, 1), for jitter. */
  readonly random: () => number;
}

/** One read. `position` is where reading continues; undefined if that has not changed. */
export type ShardRead =
  /** Nothing arrived for a while. The shard may not be caught up, and other work may be due. */
  | { readonly type: 'nothing' }
  | {
      readonly type: 'batch';
      readonly batch: Batch;
      readonly position?: ReadPosition | undefined;
    }
  /** The last records, and the shards that continue this one. */
  | {
      readonly type: 'shard_end';
      readonly batch: Batch;
      readonly position?: ReadPosition | undefined;
      readonly children: readonly ChildShard[];
    };

/**
 * Reads one shard in order. Every call of `read` returns the next records, and confirms that the
 * previous ones have been processed: nothing is fetched ahead. The reader itself handles errors,
 * throttling, expired iterators and ended subscriptions. It repeats no record, and skips only
 * records that the stream no longer has.
 */
export interface ShardReader extends AsyncDisposable {
  /** @throws the signal's reason; {KinesisError} that waiting cannot fix */
  read(signal: AbortSignal): Promise<ShardRead>;
}
