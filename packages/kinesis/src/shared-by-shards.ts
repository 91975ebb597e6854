import type { BufferBudget } from './buffer-budget.ts';
import type { BehindLatest } from './consumer-metrics.ts';
import type { FanOutConsumer } from './fan-out-consumer.ts';
import type { Isolation } from './isolation.ts';
import type { StreamSummary } from './kinesis-api.ts';

/** What the shards of one worker share. */
export interface SharedByShards {
  readonly summary: StreamSummary;
  readonly behindLatest: BehindLatest;
  readonly budget: BufferBudget;
  readonly isolation: Isolation;
  /** Absent for polling. */
  readonly consumer: FanOutConsumer | undefined;
}
