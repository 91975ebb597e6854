import type { LoggedRecord } from './frame.ts';
import type { MemoryShard } from './memory-shard.ts';
import type { MemoryStream } from './memory-stream.ts';

/** What one read gives, in the stream's own terms. */
export interface ShardRead {
  readonly stream: MemoryStream;
  readonly shard: MemoryShard;
  readonly records: readonly LoggedRecord[];
  readonly nextIndex: number;
  /** 0 is the tip: nothing is left to read just now. */
  readonly behindLatestMs: number;
  /** Whether the shard is closed and this read reached its end. */
  readonly isEnd: boolean;
  /** The shards that continue this one, when its end is reached. */
  readonly children: readonly MemoryShard[];
}

/** Reads a shard from an index on. */
export async function readShard(
  stream: MemoryStream,
  shard: MemoryShard,
  request: {
    readonly index: number;
    readonly recordsMax: number;
    readonly bytesMax: number;
    readonly nowMs: number;
  },
): Promise<ShardRead> {
  const { log } = shard;
  const { index, recordsMax, bytesMax, nowMs } = request;
  await log.load(Math.max(index, log.firstIndex));
  // What was not in memory could only be trimmed in the whole; now it can be in the part.
  log.trim(stream.horizonMs(nowMs));
  const { records, nextIndex } = log.read(index, { recordsMax, bytesMax });
  const nextArrivalMs = log.arrivalMs(nextIndex);
  const isEnd = shard.isEnd(nextIndex);
  return {
    stream,
    shard,
    records,
    nextIndex,
    // A record of this very millisecond that is left counts as 1: 0 is the tip and nothing else.
    behindLatestMs: nextArrivalMs === undefined ? 0 : Math.max(1, nowMs - nextArrivalMs),
    isEnd,
    children: isEnd ? stream.childrenOf(shard.shardId) : [],
  };
}
