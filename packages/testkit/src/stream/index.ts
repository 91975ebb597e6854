export type { PutResult, ShardPosition } from '@highwater/kinesis';
export { consumerStatus, type ConsumerStatus } from './consumers.ts';
export { frameLength, isIntact, readFrame, type LoggedRecord } from './frame.ts';
export { hashKeyMax, parseHashKey } from './hash-key.ts';
export { KinesisAccount, type AccountRead, type KinesisAccountOptions } from './kinesis-account.ts';
export { filterShards, type ShardFilter } from './list-shards.ts';
export type { ChunkPlace } from './log-chunk.ts';
export type { AccountStorage, LogName, LogStorage, OpenedLog, RestoredLog } from './log-storage.ts';
export type { HashKeyRange, MemoryShard } from './memory-shard.ts';
export type { MemoryStream } from './memory-stream.ts';
export { ServiceException } from './service-exception.ts';
export type {
  ConsumerState,
  RecordDistribution,
  StreamMode,
  StreamSettings,
  StreamStatus,
} from './stream-state.ts';
export type { SubscriptionEvent, SubscriptionTimes } from './subscribe.ts';
export { TokenBucket } from './token-bucket.ts';
