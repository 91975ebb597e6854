import type { BufferBudget } from '../reading/buffer-budget.ts';
import type { BehindLatest } from '../consumer-metrics.ts';
import type { FanOutConsumer } from '../reading/fan-out-consumer.ts';
import type { Isolation } from './isolation.ts';
import type { StreamSummary } from '../api/kinesis-api.ts';

/** The state that the shards of one worker share. */
export interface SharedByShards {
  readonly summary: StreamSummary;
  readonly behindLatest: BehindLatest;
  readonly budget: BufferBudget;
  readonly isolation: Isolation;
  /** Undefined for polling. */
  readonly consumer: FanOutConsumer | undefined;
}
