import type { SequenceNumber, ShardPosition } from '@highwater/model';
import type { MemoryShard } from './memory-shard.ts';
import type { MemoryStream } from './memory-stream.ts';
import { ServiceException } from './service-exception.ts';

/**
 * Index of the first record that a reader gets from this position. A position before the oldest
 * stored record silently means that record, like on the service.
 *
 * @throws {ServiceException} InvalidArgumentException for a sequence number from elsewhere or a
 * time in the future
 */
export async function resolvePosition(
  stream: MemoryStream,
  shard: MemoryShard,
  position: ShardPosition,
  nowMs: number,
): Promise<number> {
  switch (position.type) {
    case 'TRIM_HORIZON':
      return shard.log.firstIndex;
    case 'LATEST':
      return shard.log.visibleEnd;
    case 'AT_TIMESTAMP':
      if (position.timestampMs > nowMs) {
        throw new ServiceException(
          'InvalidArgumentException',
          `The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: ${position.timestampMs}, currentTimestampInMillis: ${nowMs}`,
        );
      }
      return shard.log.findTime(position.timestampMs);
    case 'AT_SEQUENCE_NUMBER':
      return indexAt(stream, shard, position.sequenceNumber, 'at');
    case 'AFTER_SEQUENCE_NUMBER':
      return indexAt(stream, shard, position.sequenceNumber, 'after');
  }
}

function indexAt(
  stream: MemoryStream,
  shard: MemoryShard,
  sequenceNumber: SequenceNumber,
  where: 'at' | 'after',
): number {
  const parts = shard.minter.parse(sequenceNumber);
  if (typeof parts === 'string') {
    throw new ServiceException(
      'InvalidArgumentException',
      `StartingSequenceNumber ${sequenceNumber} used in GetShardIterator on shard ${shard.shardId} in stream ${stream.streamName} is invalid${parts === 'other_shard' ? ' because it did not come from this stream' : ''}.`,
    );
  }
  const index = where === 'after' || parts.isContinuation ? parts.index + 1 : parts.index;
  return Math.min(Math.max(index, shard.log.firstIndex), shard.log.visibleEnd);
}
