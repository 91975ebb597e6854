export { KinesisError } from './errors.ts';
export type {
  ChildShard,
  GetRecordsReply,
  KinesisApi,
  PutResult,
  Shard,
  ShardPosition,
  StreamSummary,
} from './kinesis-api.ts';
