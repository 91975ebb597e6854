export { consumeStream, type ConsumeStreamOptions } from './consume-stream.ts';
export { consumerConfig, kinesisConfig } from './config.ts';
export { defineConsumerMetrics, type ConsumerMetrics } from './consumer-metrics.ts';
export { runConsumer } from './consumer.ts';
export {
  type ConsumerOptions,
  type ConsumerReading,
  type ConsumerTiming,
} from './consumer-options.ts';
export { DirectoryLeaseStore } from './directory-lease-store.ts';
export { DirectoryStateStore } from './directory-state-store.ts';
export { DynamoLeaseStore } from './dynamo-lease-store.ts';
export {
  createDynamoClient,
  findLeaseTable,
  openLeaseTable,
  type DynamoConnection,
  type FoundLeaseTable,
  type OpenLeaseTableOptions,
} from './dynamo-lease-table.ts';
export { ensureStreams, type WantedStream } from './ensure-streams.ts';
export {
  FileWriteError,
  KinesisError,
  LeaseFileError,
  LeaseLostError,
  LeaseTableError,
  PutTimeoutError,
  RecordTooLargeError,
  SetAsideLimitError,
  StateError,
  StateStoreError,
  StreamReplacedError,
} from './errors.ts';
export type { FanOutApi, StreamConsumer, SubscriptionEvent } from './fan-out-api.ts';
export type { GetRecordsReply, KinesisApi, PutResult, StreamSummary } from './kinesis-api.ts';
export type { ChildShard, Shard, ShardPosition } from './shard.ts';
export type { LeaseSharing } from './lease-keeper.ts';
export { leaseChange } from './lease-change.ts';
export type {
  Checkpoint,
  Lease,
  LeaseStore,
  NewLease,
  SetAsideRecord,
  Suspects,
} from './lease-store.ts';
export type { ConsumerConfig } from './consumer-settings.ts';
export { leaseTableName, openLeases, type OpenLeasesOptions } from './open-leases.ts';
export { openStates, type OpenStatesOptions } from './open-states.ts';
export { leaseTableActions, probeLeaseTable, type LeaseTableAction } from './probe-lease-table.ts';
export { defineProducerMetrics, type ProducerMetrics } from './producer-metrics.ts';
export { createProducer, type Producer, type ProducerOptions } from './producer.ts';
export { recordBytesMax } from './put-batches.ts';
export { createS3Client, S3StateStore, type S3Connection } from './s3-state-store.ts';
export { createSdkKinesisApi, type KinesisConnection } from './sdk-kinesis-api.ts';
export type { StateRef, StateStore } from './state-store.ts';
