import type { MemoryShard } from './memory-shard.ts';
import type { MemoryStream } from './memory-stream.ts';

/** The shards to list. */
export type ShardFilter =
  | { readonly type: 'AFTER_SHARD_ID'; readonly shardId: string }
  | { readonly type: 'AT_TRIM_HORIZON' | 'FROM_TRIM_HORIZON' | 'AT_LATEST' }
  | { readonly type: 'AT_TIMESTAMP' | 'FROM_TIMESTAMP'; readonly timestampMs: number };

/**
 * The shards that match a filter, oldest first. A time before the trim horizon means the trim
 * horizon.
 *
 * @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ShardFilter.html
 */
export function filterShards(
  stream: MemoryStream,
  filter: ShardFilter,
  nowMs: number,
): readonly MemoryShard[] {
  // Nothing of the stream is older than the stream.
  const horizonMs = Math.max(stream.horizonMs(nowMs), stream.createdMs);
  return stream.shards.filter(isListed(filter, horizonMs));
}

function isListed(filter: ShardFilter, horizonMs: number): (shard: MemoryShard) => boolean {
  switch (filter.type) {
    case 'AFTER_SHARD_ID':
      return ({ shardId }) => shardId > filter.shardId;
    case 'FROM_TRIM_HORIZON':
      return () => true;
    case 'AT_LATEST':
      return ({ closedMs }) => closedMs === undefined;
    case 'AT_TRIM_HORIZON':
      return isOpenAt(horizonMs);
    case 'AT_TIMESTAMP':
      return isOpenAt(Math.max(filter.timestampMs, horizonMs));
    case 'FROM_TIMESTAMP':
      return (shard) => isOpenAfter(shard, Math.max(filter.timestampMs, horizonMs));
  }
}

function isOpenAt(atMs: number): (shard: MemoryShard) => boolean {
  return (shard) => shard.createdMs <= atMs && isOpenAfter(shard, atMs);
}

/** Half-open: at the exact time of a reshard, the children are open and the parents are not. */
function isOpenAfter({ closedMs }: MemoryShard, atMs: number): boolean {
  return closedMs === undefined || closedMs > atMs;
}
