export { consumeStream, type ConsumeStreamOptions } from './consuming/consume-stream.ts';
export { consumerConfig, kinesisConfig } from './config.ts';
export { defineConsumerMetrics, type ConsumerMetrics } from './consumer-metrics.ts';
export { runConsumer } from './consuming/consumer.ts';
export {
  type ConsumerOptions,
  type ConsumerReading,
  type ConsumerTiming,
} from './consuming/consumer-options.ts';
export { DirectoryLeaseStore } from './leases/directory-lease-store.ts';
export { DirectoryStateStore } from './snapshots/directory-state-store.ts';
export { DynamoLeaseStore } from './leases/dynamo-lease-store.ts';
export {
  createDynamoClient,
  findLeaseTable,
  openLeaseTable,
  type DynamoConnection,
  type FoundLeaseTable,
  type OpenLeaseTableOptions,
} from './leases/dynamo-lease-table.ts';
export { ensureStreams, type WantedStream } from './api/ensure-streams.ts';
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
export type { FanOutApi, StreamConsumer, SubscriptionEvent } from './api/fan-out-api.ts';
export type { GetRecordsReply, KinesisApi, PutResult, StreamSummary } from './api/kinesis-api.ts';
export type { ChildShard, Shard, ShardPosition } from './api/shard.ts';
export type { LeaseSharing } from './leases/lease-keeper.ts';
export { leaseChange } from './leases/lease-change.ts';
export type {
  Checkpoint,
  Lease,
  LeaseStore,
  NewLease,
  SetAsideRecord,
  Suspects,
} from './leases/lease-store.ts';
export type { ConsumerConfig } from './consumer-settings.ts';
export { leaseTableName, openLeases, type OpenLeasesOptions } from './leases/open-leases.ts';
export { openStates, type OpenStatesOptions } from './snapshots/open-states.ts';
export {
  leaseTableActions,
  probeLeaseTable,
  type LeaseTableAction,
} from './leases/probe-lease-table.ts';
export { defineProducerMetrics, type ProducerMetrics } from './producing/producer-metrics.ts';
export { createProducer, type Producer, type ProducerOptions } from './producing/producer.ts';
export { recordBytesMax } from './producing/put-batches.ts';
export { createS3Client, S3StateStore, type S3Connection } from './snapshots/s3-state-store.ts';
export { createSdkKinesisApi, type KinesisConnection } from './api/sdk-kinesis-api.ts';
export type { StateRef, StateStore } from './snapshots/state-store.ts';
