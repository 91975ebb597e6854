import type { Clock, DeadLetters, Logger, ShardProcessor } from '@highwater/model';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Registry } from 'prom-client';
import type { ConsumerConfig } from '../config.ts';
import { defineConsumerMetrics } from '../consumer-metrics.ts';
import { runConsumer } from './consumer.ts';
import type { ConsumerReading, ConsumerTiming } from './consumer-options.ts';
import type { KinesisApi } from '../api/kinesis-api.ts';
import type { Checkpoint } from '../leases/lease-store.ts';
import { openLeases } from '../leases/open-leases.ts';
import { openStates } from '../snapshots/open-states.ts';

/** The part of a consumer that a service provides. The rest comes from its configuration. */
export interface ConsumeStreamOptions {
  readonly api: KinesisApi;
  readonly stream: string;
  /** Separates services that share a state directory or a bucket. */
  readonly service: string;
  readonly config: ConsumerConfig;
  readonly createProcessor: (shardId: string) => ShardProcessor;
  /** Destination of records that cannot be processed. The letters name the service. */
  readonly deadLetters: DeadLetters;
  readonly clock: Clock;
  readonly log: Logger;
  readonly registry: Registry;
  readonly random: () => number;
  readonly onReading: () => void;
}

/**
 * Reads a stream with the configuration of a service: its leases, its snapshots, and its metrics
 * registry. See `runConsumer` for the rest.
 */
export async function consumeStream(
  options: ConsumeStreamOptions,
  signal: AbortSignal,
): Promise<void> {
  const { config, registry, service: stage, ...rest } = options;
  await using leases = await openLeases(options, signal);
  using states = openStates(options);
  await runConsumer(
    {
      ...rest,
      stage,
      leases: leases.store,
      states: states.store,
      owner: `${hostname()}-${randomUUID()}`,
      sharing:
        config.HW_LEASES === 'directory'
          ? undefined
          : { durationMs: config.HW_LEASES_DURATION_MS, intervalMs: config.HW_LEASES_INTERVAL_MS },
      start: startPosition(config.HW_KINESIS_START),
      recover: config.HW_RECOVER,
      timing: timing(config),
      read: reading(options),
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

function reading({ config, service }: ConsumeStreamOptions): ConsumerReading {
  const { HW_KINESIS_CONSUMER_NAME: consumerName = `highwater-${service}` } = config;
  return {
    consumerName: config.HW_KINESIS_READ === 'fan-out' ? consumerName : undefined,
    stallMs: config.HW_KINESIS_FAN_OUT_STALL_MS,
    foreign: config.HW_KINESIS_FOREIGN_RECORDS,
    bufferBytesMax: config.HW_KINESIS_BUFFER_BYTES_MAX,
  };
}

function startPosition(start: string): Checkpoint['position'] {
  if (start === 'TRIM_HORIZON' || start === 'LATEST') return { type: start };
  return { type: 'AT_TIMESTAMP', timestampMs: Date.parse(start) };
}
