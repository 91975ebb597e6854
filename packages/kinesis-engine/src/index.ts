export type { PutResult } from './put-records.ts';
export { consumerStatus } from './consumers.ts';
export { frameLength, intactLength, readFrame, type LoggedRecord } from './frame.ts';
export { KinesisAccount, type AccountRead, type KinesisAccountOptions } from './kinesis-account.ts';
export { filterShards, type ShardFilter } from './list-shards.ts';
export type { ChunkPlace } from './log-chunk.ts';
export type {
  AccountStorage,
  IndexRange,
  LogName,
  LogStorage,
  OpenedLog,
  RecordRun,
} from './log-storage.ts';
export { shardIdOf, type MemoryShard } from './memory-shard.ts';
export type { MemoryStream } from './memory-stream.ts';
export { ServiceException } from './service-exception.ts';
export type { ConsumerState, StreamSettings } from './stream-state.ts';
export { decodeState } from './state-codec.ts';
export type { SubscriptionEvent, SubscriptionTimes } from './subscribe.ts';
export { TokenBucket } from './token-bucket.ts';
