import type { Clock, Logger, ShardProcessor } from '@highwater/model';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Registry } from 'prom-client';
import type { z } from 'zod';
import type { consumerConfig } from './config.ts';
import { defineConsumerMetrics } from './consumer-metrics.ts';
import { runConsumer, type ConsumerTiming } from './consumer.ts';
import { DirectoryLeaseStore } from './directory-lease-store.ts';
import { DirectoryStateStore } from './directory-state-store.ts';
import type { KinesisApi } from './kinesis-api.ts';
import type { Checkpoint } from './lease-store.ts';

type ConsumerConfig = {
  [Name in keyof typeof consumerConfig]: z.output<(typeof consumerConfig)[Name]>;
};

/** What a service that reads a stream gives; the rest comes from its configuration. */
export interface ConsumeStreamOptions {
  readonly api: KinesisApi;
  readonly stream: string;
  /** Services that share a state directory keep apart by their names. */
  readonly service: string;
  readonly config: ConsumerConfig;
  readonly createProcessor: (shardId: string) => ShardProcessor;
  readonly clock: Clock;
  readonly log: Logger;
  readonly registry: Registry;
  readonly random: () => number;
  readonly onReading: () => void;
}

/**
 * Reads a stream as a service does: leases and snapshots in the directory of its configuration,
 * metrics in its registry. See `runConsumer` for the rest.
 */
export async function consumeStream(
  options: ConsumeStreamOptions,
  signal: AbortSignal,
): Promise<void> {
  const { config, registry, service, ...rest } = options;
  const directory = join(config.HW_STATE_DIR, service, options.stream);
  await runConsumer(
    {
      ...rest,
      leases: await DirectoryLeaseStore.open(join(directory, 'leases')),
      states: new DirectoryStateStore(join(directory, 'snapshots')),
      owner: `${hostname()}-${randomUUID()}`,
      start: startPosition(config.HW_KINESIS_START),
      timing: timing(config),
      metrics: defineConsumerMetrics(registry),
    },
    signal,
  );
}

function timing(config: ConsumerConfig): ConsumerTiming {
  return {
    batchRecordsMax: config.HW_KINESIS_BATCH_RECORDS_MAX,
    readIntervalMs: config.HW_KINESIS_READ_INTERVAL_MS,
    pollIntervalMs: config.HW_KINESIS_POLL_INTERVAL_MS,
    idleAfterMs: config.HW_KINESIS_IDLE_AFTER_MS,
    checkpointIntervalMs: config.HW_KINESIS_CHECKPOINT_INTERVAL_MS,
    shardSyncIntervalMs: config.HW_KINESIS_SHARD_SYNC_INTERVAL_MS,
  };
}

function startPosition(start: string): Checkpoint['position'] {
  if (start === 'TRIM_HORIZON' || start === 'LATEST') return { type: start };
  return { type: 'AT_TIMESTAMP', timestampMs: Date.parse(start) };
}
