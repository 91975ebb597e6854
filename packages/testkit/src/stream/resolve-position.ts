import type { ShardPosition } from '@highwater/kinesis';
import type { MemoryShard } from './memory-shard.ts';
import type { MemoryStream } from './memory-stream.ts';
import { ServiceException } from './service-exception.ts';

/**
 * Index of the record that a reader gets first from this position. A position before the oldest
 * record that is kept means that record, silently, as on the service.
 *
 * @throws {ServiceException} InvalidArgumentException for a sequence number of elsewhere or a time
 *   in the future
 */
export function resolvePosition(
  stream: MemoryStream,
  shard: MemoryShard,
  position: ShardPosition,
  nowMs: number,
): number {
  switch (position.type) {
    case 'TRIM_HORIZON':
      return shard.log.firstIndex;
    case 'LATEST':
      return shard.log.endIndex;
    case 'AT_TIMESTAMP':
      if (position.timestampMs > nowMs) {
        throw new ServiceException(
          'InvalidArgumentException',
          `The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: ${position.timestampMs}, currentTimestampInMillis: ${nowMs}`,
        );
      }
      return shard.log.findTime(position.timestampMs);
    case 'AT_SEQUENCE_NUMBER':
    case 'AFTER_SEQUENCE_NUMBER': {
      const { sequenceNumber } = position;
      const parts = shard.minter.parse(sequenceNumber);
      if (typeof parts === 'string') {
        throw new ServiceException(
          'InvalidArgumentException',
          `StartingSequenceNumber ${sequenceNumber} used in GetShardIterator on shard ${shard.shardId} in stream ${stream.streamName} is invalid${parts === 'other_shard' ? ' because it did not come from this stream' : ''}.`,
        );
      }
      const next = position.type === 'AT_SEQUENCE_NUMBER' ? parts.index : parts.index + 1;
      return Math.min(Math.max(next, shard.log.firstIndex), shard.log.endIndex);
    }
  }
}
