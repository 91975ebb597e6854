import { FanOutReader, type FanOutOptions } from './fan-out-reader.ts';
import type { ForeignPolicy } from '../kpl/foreign-records.ts';
import type { HashKeyRange } from '../api/hash-key.ts';
import type { ShardPosition } from '@highwater/model';
import { PollingReader, type PollingOptions } from './polling-reader.ts';
import type { ReadPosition } from '../api/read-position.ts';
import type { ShardReader, ShardReaderOptions } from './shard-reader.ts';
import { UnpackingReader } from './unpacking-reader.ts';

/** How shards are read. */
export interface OpenShardReaderOptions extends ShardReaderOptions<ReadPosition>, PollingOptions {
  /** Undefined for polling. */
  readonly fanOut?: FanOutOptions | undefined;
  readonly foreign: ForeignPolicy;
  readonly findRange: () => Promise<HashKeyRange | undefined>;
}

/** Opens a reader of one shard that returns single records, however they were packed. */
export function openShardReader(options: OpenShardReaderOptions): ShardReader {
  const { position, fanOut, batchRecordsMax, foreign, findRange, metrics } = options;
  const after = position.type === 'AFTER_SEQUENCE_NUMBER' ? position : undefined;
  const raw = { ...options, position: startOf(position) };
  const reader = fanOut ? new FanOutReader({ ...raw, ...fanOut }) : new PollingReader(raw);
  return new UnpackingReader({ reader, after, batchRecordsMax, foreign, findRange, metrics });
}

/** Reads the last delivered record again, because it may be an aggregate with more sub-records. */
function startOf(position: ReadPosition): ShardPosition {
  if (position.type !== 'AFTER_SEQUENCE_NUMBER') return position;
  return { type: 'AT_SEQUENCE_NUMBER', sequenceNumber: position.sequenceNumber };
}
