import type { HighwaterError } from '@highwater/model';
import type { ChildShard } from '../api/shard.ts';
import type { ShardRead, ShardReaderOptions } from './shard-reader.ts';
import { tellExpiry, type Telling } from '../telling.ts';

/** The state, in the list of shards, of a shard that returns no more records. */
export type ListedShard =
  | { readonly state: 'open' }
  /** Closed, or no longer listed because all its records have expired. */
  | { readonly state: 'closed' | 'expired'; readonly children: readonly ChildShard[] };

type Which = Pick<ShardReaderOptions, 'api' | 'stream' | 'shardId'>;

/**
 * Looks up a shard in the list. Some servers do not name the children at a shard's end but still
 * list them, and an end that the list does not confirm is not trusted.
 */
export async function findListedShard(
  { api, stream, shardId }: Which,
  signal: AbortSignal,
): Promise<ListedShard> {
  const shards = await api.listShards(stream, signal);
  const self = shards.find((shard) => shard.shardId === shardId);
  const children = shards.filter((shard) => shard.parentShardIds.includes(shardId));
  if (!self) return { state: 'expired', children };
  // A closed shard has children. A list without them is not complete yet.
  const isOpen = self.endingSequenceNumber === undefined || children.length === 0;
  return isOpen ? { state: 'open' } : { state: 'closed', children };
}

/**
 * The end of a shard that no longer exists for the service. If all of a shard expired before it was
 * read, it has no more records, and its children are read.
 *
 * @returns undefined when the shard is listed
 */
export async function expiredShardEnd(
  options: Which & Telling,
  cause: HighwaterError,
  signal: AbortSignal,
): Promise<ShardRead | undefined> {
  const { stream, shardId } = options;
  const listed = await findListedShard(options, signal);
  if (listed.state !== 'expired') return undefined;
  const fields = { shardId, err: cause };
  tellExpiry(options, fields, 'The shard has expired; its unread records are lost.');
  const batch = { stream, shardId, records: [], behindLatestMs: 0 };
  return { type: 'shard_end', batch, children: listed.children };
}
