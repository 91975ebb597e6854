import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** The consumer's metrics. The series of a shard disappear once this worker no longer reads it. */
export function defineConsumerMetrics(registry: Registry) {
  const registers = [registry];
  const shard = { labelNames: ['shard_id'], registers } as const; // Bounded by the stream's shards.
  return {
    recordsReceived: new Counter({
      name: 'highwater_records_received_total',
      help: 'Records passed to the service for processing.',
      registers,
    }),
    bytesReceived: new Counter({
      name: 'kinesis_received_bytes_total',
      help: 'Bytes of record data passed to the service for processing.',
      registers,
    }),
    batchRecords: new Histogram({
      name: 'highwater_batch_records',
      help: 'Records per batch.',
      buckets: [1, 10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000],
      registers,
    }),
    batchDuration: new Histogram({
      name: 'highwater_batch_duration_seconds',
      help: 'Time per batch, by stage: to read it, to process it until all its output is accepted, or to write a checkpoint.',
      labelNames: ['stage'], // Closed set: read | process | checkpoint.
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    errors: new Counter({
      name: 'highwater_errors_total',
      help: 'Failed calls, including retried ones, by error and stage.',
      labelNames: ['code', 'stage'], // Closed sets: exception names; the consumer's calls.
      registers,
    }),
    lastRecordProcessed: new Gauge({
      name: 'highwater_last_record_processed_timestamp_seconds',
      help: 'Arrival time of the newest processed record.',
      ...shard,
    }),
    behindLatest: new Gauge({
      name: 'kinesis_behind_latest_seconds',
      help: 'How far the reader is behind the newest record of the shard. 0 means caught up.',
      ...shard,
    }),
    iteratorAge: new Gauge({
      name: 'kinesis_iterator_age_seconds',
      help: 'Age of the last record that was read. 0 means caught up.',
      ...shard,
    }),
    behindLatestMax: new Gauge({
      name: 'kinesis_behind_latest_max_seconds',
      help: 'The largest kinesis_behind_latest_seconds of the shards that this process reads.',
      registers,
    }),
    leasesHeld: new Gauge({
      name: 'kinesis_leases_held',
      help: 'Shards that this process reads.',
      registers,
    }),
    leasesLost: new Counter({
      name: 'kinesis_leases_lost_total',
      help: 'Leases that another worker took from this process.',
      registers,
    }),
    leasesTaken: new Counter({
      name: 'kinesis_leases_taken_total',
      help: 'Leases that this process took, by their previous owner: nobody, asked_owner (handed the lease over), silent_owner (stopped renewing), or stuck_owner (renewed, but did not hand over).',
      labelNames: ['from'], // Closed set: nobody | asked_owner | silent_owner | stuck_owner.
      registers,
    }),
    leasesRequested: new Counter({
      name: 'kinesis_leases_requested_total',
      help: 'Leases that this process requested from busier workers.',
      registers,
    }),
    leasesHandedOver: new Counter({
      name: 'kinesis_leases_handed_over_total',
      help: 'Leases that this process handed over to a worker that requested them.',
      registers,
    }),
    readInterval: new Gauge({
      name: 'kinesis_read_interval_seconds',
      help: 'Time between two reads of a shard by polling. It rises above the setting while other readers share the shard.',
      ...shard,
    }),
    recordsRepeated: new Counter({
      name: 'kinesis_repeated_records_total',
      help: 'Records that were skipped because the stream delivered them a second time.',
      registers,
    }),
    subscriptionsEnded: new Counter({
      name: 'kinesis_subscriptions_ended_total',
      help: 'Subscriptions of enhanced fan-out that ended, by cause: ended (after five minutes), cut_short, stalled, refused, or failed.',
      labelNames: ['cause'], // Closed set: ended | cut_short | stalled | refused | failed.
      registers,
    }),
    aggregates: new Counter({
      name: 'kinesis_aggregates_total',
      help: 'Records that look like KPL aggregates, by outcome: unpacked, empty, or broken (then read as a plain record).',
      labelNames: ['outcome'], // Closed set: unpacked | empty | broken (then it is a plain record).
      registers,
    }),
    foreignRecords: new Counter({
      name: 'kinesis_foreign_records_total',
      help: 'Records in KPL aggregates whose key belongs to another shard, by outcome: kept or dropped.',
      labelNames: ['outcome'], // Closed set: kept | dropped.
      registers,
    }),
    bufferBytes: new Gauge({
      name: 'kinesis_buffer_bytes',
      help: 'Record bytes that this process holds or is fetching, for all its shards.',
      registers,
    }),
    bufferWaits: new Counter({
      name: 'kinesis_buffer_waits_total',
      help: 'Number of times a shard waited to fetch records because the buffer was full.',
      registers,
    }),
    processingFailures: new Counter({
      name: 'kinesis_processing_failures_total',
      help: 'Batches that could not be processed. Their shard was read again from its checkpoint.',
      registers,
    }),
    recordsSetAside: new Counter({
      name: 'kinesis_records_set_aside_total',
      help: 'Records that could not be processed and went to the dead letters, by symptom: it_threw (an exception) or process_ended (the process crashed).',
      labelNames: ['because'], // Closed set: it_threw | process_ended.
      registers,
    }),
    recordsPassedOver: new Counter({
      name: 'kinesis_records_passed_over_total',
      help: 'Records that a replay skipped because they are already in the dead letters.',
      registers,
    }),
    retentionExceeded: new Counter({
      name: 'kinesis_retention_exceeded_total',
      help: 'Number of times a shard was resumed so late that records may have expired before they were read. Such records are lost.',
      registers,
    }),
    checkpointTimestamp: new Gauge({
      name: 'kinesis_checkpoint_timestamp_seconds',
      help: 'Time of the last checkpoint of the shard. Its age is time() minus this value.',
      ...shard,
    }),
    snapshotBytes: new Gauge({
      name: 'kinesis_snapshot_bytes',
      help: 'Size of the last snapshot of the shard.',
      ...shard,
    }),
    snapshotDuration: new Histogram({
      name: 'kinesis_snapshot_duration_seconds',
      help: 'Time per snapshot, by stage: to take it, to store it, or to restore it.',
      labelNames: ['stage'], // Closed set: take | store | restore.
      buckets: [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
  };
}
export type ConsumerMetrics = ReturnType<typeof defineConsumerMetrics>;

/** Also keeps the maximum over all shards, so that alerts need no aggregation. */
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

  /** Removes every series of a shard that this worker no longer reads. */
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
