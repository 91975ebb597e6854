import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What the consumer measures. Series of a shard disappear when it is no longer read here. */
export function defineConsumerMetrics(registry: Registry) {
  const registers = [registry];
  const shard = { labelNames: ['shard_id'], registers } as const; // Bounded by the stream's shards.
  return {
    recordsReceived: new Counter({
      name: 'highwater_records_received_total',
      help: 'Records delivered to the processors.',
      registers,
    }),
    bytesReceived: new Counter({
      name: 'kinesis_received_bytes_total',
      help: 'Data bytes delivered to the processors.',
      registers,
    }),
    batchRecords: new Histogram({
      name: 'highwater_batch_records',
      help: 'Records in a delivered batch.',
      buckets: [1, 10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000],
      registers,
    }),
    batchDuration: new Histogram({
      name: 'highwater_batch_duration_seconds',
      help: 'From a batch being delivered to everything that follows from it being accepted.',
      labelNames: ['stage'], // Closed set: read | process | checkpoint.
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    errors: new Counter({
      name: 'highwater_errors_total',
      help: 'Failed calls, retried or not.',
      labelNames: ['code', 'stage'], // Closed sets: exception names; the consumer's calls.
      registers,
    }),
    lastRecordProcessed: new Gauge({
      name: 'highwater_last_record_processed_timestamp_seconds',
      help: 'Arrival time of the newest record that was processed.',
      ...shard,
    }),
    behindLatest: new Gauge({
      name: 'kinesis_behind_latest_seconds',
      help: 'How far reading is behind the tip of the shard.',
      ...shard,
    }),
    iteratorAge: new Gauge({
      name: 'kinesis_iterator_age_seconds',
      help: 'Age of the last record read, 0 at the tip.',
      ...shard,
    }),
    behindLatestMax: new Gauge({
      name: 'kinesis_behind_latest_max_seconds',
      help: 'The largest kinesis_behind_latest_seconds of the shards read here.',
      registers,
    }),
    leasesHeld: new Gauge({
      name: 'kinesis_leases_held',
      help: 'Shards that are read here.',
      registers,
    }),
    leasesLost: new Counter({
      name: 'kinesis_leases_lost_total',
      help: 'Leases that another worker took while they were held here.',
      registers,
    }),
    leasesTaken: new Counter({
      name: 'kinesis_leases_taken_total',
      help: 'Leases taken: free ones, those that an owner handed over, those of owners that were silent or stuck.',
      labelNames: ['from'], // Closed set: nobody | asked_owner | silent_owner | stuck_owner.
      registers,
    }),
    leasesRequested: new Counter({
      name: 'kinesis_leases_requested_total',
      help: 'Leases asked of other workers, for balance.',
      registers,
    }),
    leasesHandedOver: new Counter({
      name: 'kinesis_leases_handed_over_total',
      help: 'Leases handed to a worker that had asked for them.',
      registers,
    }),
    readInterval: new Gauge({
      name: 'kinesis_read_interval_seconds',
      help: 'Time between reads of a shard that is polled; more than set while others read it, too.',
      ...shard,
    }),
    recordsRepeated: new Counter({
      name: 'kinesis_repeated_records_total',
      help: 'Records that the stream gave once more, and that were passed over.',
      registers,
    }),
    subscriptionsEnded: new Counter({
      name: 'kinesis_subscriptions_ended_total',
      help: 'Subscriptions of enhanced fan-out that were over or refused, by cause.',
      labelNames: ['cause'], // Closed set: ended | cut_short | stalled | refused | failed.
      registers,
    }),
    aggregates: new Counter({
      name: 'kinesis_aggregates_total',
      help: 'Records that look like aggregates of several, by what was found in them.',
      labelNames: ['outcome'], // Closed set: unpacked | empty | broken (then it is a plain record).
      registers,
    }),
    foreignRecords: new Counter({
      name: 'kinesis_foreign_records_total',
      help: 'Records in an aggregate whose key belongs to another shard, by what was done.',
      labelNames: ['outcome'], // Closed set: kept | dropped.
      registers,
    }),
    bufferBytes: new Gauge({
      name: 'kinesis_buffer_bytes',
      help: 'Record bytes held or being fetched, over all shards read here.',
      registers,
    }),
    bufferWaits: new Counter({
      name: 'kinesis_buffer_waits_total',
      help: 'Times that a shard waited to fetch because the buffer was full.',
      registers,
    }),
    processingFailures: new Counter({
      name: 'kinesis_processing_failures_total',
      help: 'Batches that a processor failed on; their shard was read again from its checkpoint.',
      registers,
    }),
    recordsSetAside: new Counter({
      name: 'kinesis_records_set_aside_total',
      help: 'Records that could not be processed, by how that showed.',
      labelNames: ['because'], // Closed set: it_threw | process_ended.
      registers,
    }),
    recordsPassedOver: new Counter({
      name: 'kinesis_records_passed_over_total',
      help: 'Records that were set aside before, and that a replay did not process either.',
      registers,
    }),
    retentionExceeded: new Counter({
      name: 'kinesis_retention_exceeded_total',
      help: 'Shards resumed so late that records may have expired unread: data loss.',
      registers,
    }),
    checkpointTimestamp: new Gauge({
      name: 'kinesis_checkpoint_timestamp_seconds',
      help: 'When the last checkpoint of the shard was written. Age is time() - this.',
      ...shard,
    }),
    snapshotBytes: new Gauge({
      name: 'kinesis_snapshot_bytes',
      help: "Size of the shard's last snapshot.",
      ...shard,
    }),
    snapshotDuration: new Histogram({
      name: 'kinesis_snapshot_duration_seconds',
      help: 'Making the bytes of a snapshot, storing them, and starting a shard from stored ones.',
      labelNames: ['stage'], // Closed set: take | store | restore.
      buckets: [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
  };
}
export type ConsumerMetrics = ReturnType<typeof defineConsumerMetrics>;

/** Keeps the maximum beside the per-shard figures, so that alerts need no aggregation. */
export class BehindLatest {
  readonly #metrics: ConsumerMetrics;
  readonly #secondsByShard = new Map<string, number>();

  constructor(metrics: ConsumerMetrics) {
    this.#metrics = metrics;
  }

  set(shardId: string, behindLatestMs: number): void {
    this.#secondsByShard.set(shardId, behindLatestMs / 1000);
    this.#metrics.behindLatest.set({ shard_id: shardId }, behindLatestMs / 1000);
    this.#setMax();
  }

  /** Removes every series of a shard that is no longer read here. */
  remove(shardId: string): void {
    this.#secondsByShard.delete(shardId);
    const { behindLatest, iteratorAge, lastRecordProcessed, checkpointTimestamp, snapshotBytes } =
      this.#metrics;
    for (const gauge of [
      behindLatest,
      iteratorAge,
      lastRecordProcessed,
      checkpointTimestamp,
      snapshotBytes,
    ]) {
      gauge.remove({ shard_id: shardId });
    }
    this.#setMax();
  }

  #setMax(): void {
    this.#metrics.behindLatestMax.set(Math.max(0, ...this.#secondsByShard.values()));
  }
}
