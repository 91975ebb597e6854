export type { PutResult, ShardPosition } from '@highwater/kinesis';
export { KinesisAccount, type KinesisAccountOptions, type ShardRead } from './kinesis-account.ts';
export type { HashKeyRange, MemoryShard } from './memory-shard.ts';
export type { MemoryStream, StreamMode, StreamStatus } from './memory-stream.ts';
export type { LoggedRecord } from './record-log.ts';
export { ServiceException } from './service-exception.ts';
