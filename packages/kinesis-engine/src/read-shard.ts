import type { LoggedRecord } from './frame.ts';
import type { MemoryShard } from './memory-shard.ts';
import type { MemoryStream } from './memory-stream.ts';

/** The result of one read, in the stream's own terms. */
export interface ShardRead {
  readonly stream: MemoryStream;
  readonly shard: MemoryShard;
  readonly records: readonly LoggedRecord[];
  readonly nextIndex: number;
  /** 0 is the tip: there is currently nothing left to read. */
  readonly behindLatestMs: number;
  /** Whether the shard is closed and this read reached its end. */
  readonly isEnd: boolean;
  /** The children of this shard, when its end is reached. */
  readonly children: readonly MemoryShard[];
}

/** Reads a shard starting at an index. */
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
  // Before it was loaded, the chunk could only be trimmed as a whole. Now it can be trimmed in
  // part.
  log.trim(stream.horizonMs(nowMs));
  const { records, nextIndex } = log.read(index, { recordsMax, bytesMax });
  const nextArrivalMs = log.arrivalMs(nextIndex);
  const isEnd = shard.isEnd(nextIndex);
  return {
    stream,
    shard,
    records,
    nextIndex,
    // A remaining record of this same millisecond counts as 1, because 0 means the tip and nothing
    // else.
    behindLatestMs: nextArrivalMs === undefined ? 0 : Math.max(1, nowMs - nextArrivalMs),
    isEnd,
    children: isEnd ? stream.childrenOf(shard.shardId) : [],
  };
}
