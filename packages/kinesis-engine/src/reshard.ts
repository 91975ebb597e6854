import { parseHashKey } from './hash-key.ts';
import type { MemoryShard } from './memory-shard.ts';
import type { MemoryStream } from './memory-stream.ts';
import { ServiceException } from './service-exception.ts';

const scalesADayMax = 10;
const dayMs = 86_400_000;

/** Starts a split. Each child gets a range of at least two hash keys. */
export function splitShard(
  stream: MemoryStream,
  request: { readonly shardId: string; readonly newStartingHashKey: string },
  nowMs: number,
): void {
  const { shardId, newStartingHashKey } = request;
  checkProvisioned(stream, 'SplitShard');
  const { range } = openShard(stream, shardId);
  const at = parseHashKey(newStartingHashKey);
  if (at === undefined || at <= range.start + 1n || at >= range.end) {
    throw new ServiceException(
      'InvalidArgumentException',
      `NewStartingHashKey ${newStartingHashKey} used in SplitShard() on shard ${shardId} in stream ${where(stream)} is not both greater than one plus the shard's StartingHashKey ${range.start} and less than the shard's EndingHashKey ${range.end}.`,
    );
  }
  stream.reshard({ type: 'split', range, at }, nowMs);
}

/** Starts a merge of two shards with adjacent ranges, given in either order. */
export function mergeShards(
  stream: MemoryStream,
  shardIds: readonly [string, string],
  nowMs: number,
): void {
  checkProvisioned(stream, 'MergeShards');
  const ranges = shardIds.map((shardId) => openShard(stream, shardId).range);
  const [left, right] = ranges.toSorted((a, b) => (a.start < b.start ? -1 : 1));
  if (left === undefined || right === undefined || left.end + 1n !== right.start) {
    throw new ServiceException(
      'InvalidArgumentException',
      `Shards ${shardIds.join(' and ')} in stream ${where(stream)} are not an adjacent pair of shards eligible for merging`,
    );
  }
  stream.reshard({ type: 'merge', left, right }, nowMs);
}

/** Starts a change to another number of equal shards: at most double, at least half. */
export function updateShardCount(stream: MemoryStream, shardsCount: number, nowMs: number): void {
  checkProvisioned(stream, 'UpdateShardCount');
  const current = stream.openShards.length;
  if (shardsCount > current * 2 || shardsCount < current / 2) {
    throw new ServiceException(
      'InvalidArgumentException',
      `UpdateShardCount cannot go from ${current} to ${shardsCount} open shards in one call: at most double, at least half.`,
    );
  }
  const { scaledMs } = stream;
  while ((scaledMs[0] ?? Infinity) <= nowMs - dayMs) scaledMs.shift();
  if (stream.settings.enforcesLimits && scaledMs.length >= scalesADayMax) {
    throw new ServiceException(
      'LimitExceededException',
      `Stream ${where(stream)} was scaled ${scalesADayMax} times within 24 hours.`,
    );
  }
  scaledMs.push(nowMs);
  stream.scale(shardsCount, nowMs);
}

/** @throws {ServiceException} ResourceNotFoundException when the stream has no such shard */
export function findShard(stream: MemoryStream, shardId: string): MemoryShard {
  const shard = stream.find(shardId);
  if (shard !== undefined) return shard;
  throw new ServiceException(
    'ResourceNotFoundException',
    `Shard ${shardId} in stream ${where(stream)} does not exist`,
  );
}

function openShard(stream: MemoryStream, shardId: string): MemoryShard {
  const shard = findShard(stream, shardId);
  if (shard.closedMs === undefined) return shard;
  throw new ServiceException(
    'InvalidArgumentException',
    `Shard ${shardId} in stream ${where(stream)} has already been merged or split, and thus is not eligible for merging or splitting.`,
  );
}

function checkProvisioned(stream: MemoryStream, operation: string): void {
  if (stream.settings.mode === 'PROVISIONED') return;
  throw new ServiceException(
    'ValidationException',
    `${operation} is not supported for stream ${stream.streamName}, which is in ON_DEMAND mode.`,
  );
}

/** A stream in the wording of the service's messages. */
function where({ streamName, arn }: MemoryStream): string {
  return `${streamName} under account ${arn.split(':')[4]}`;
}
