import type { GetRecordsReply, KinesisApi } from '@highwater/kinesis';
import type { StreamRecord } from '@highwater/model';

/** Everything that a shard holds, from its beginning to its tip or its end. */
export async function readShard(
  api: KinesisApi,
  stream: string,
  shardId: string,
): Promise<readonly StreamRecord[]> {
  const records: StreamRecord[] = [];
  const position = { type: 'TRIM_HORIZON' } as const;
  let iterator: string | null = await api.getIterator({ stream, shardId, position });
  while (iterator !== null) {
    const reply: GetRecordsReply = await api.getRecords({ iterator, limit: 10_000 });
    records.push(...reply.records);
    const isTip = reply.behindLatestMs === 0 && reply.records.length === 0;
    iterator = isTip ? null : reply.nextIterator;
  }
  return records;
}
