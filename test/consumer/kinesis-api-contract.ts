import {
  compareSequence,
  type Clock,
  type ShardPosition,
  type StreamRecord,
} from '@highwater/model';
import type { GetRecordsReply, KinesisApi } from '@highwater/kinesis';
import { expect, it } from 'vitest';

/** A server for one test. */
export interface OpenedKinesis extends AsyncDisposable {
  readonly api: KinesisApi;
  readonly clock: Clock;
  split(stream: string, shardId: string, newStartingHashKey: string): Promise<void>;
  merge(stream: string, shardId: string, adjacentShardId: string): Promise<void>;
}

/** Known gaps of a server. */
export interface KinesisGaps {
  /** Says how far behind its readers are. */
  readonly hasNoLag?: boolean;
  /** Names the children with the last reply of a closed shard. */
  readonly hasNoChildShards?: boolean;
}

const stream = 'contract';
const middle = (2n ** 127n).toString();
const named = (name: string) => ({ partitionKey: name, data: Buffer.from(name) });
const nameOf = ({ data }: StreamRecord) => Buffer.from(data).toString();

/** The behavior of every server on which the producer and the consumer rely. */
export function itIsKinesis(open: () => Promise<OpenedKinesis>, gaps: KinesisGaps = {}): void {
  const created = async (shardsCount: number): Promise<OpenedKinesis> => {
    const opened = await open();
    await opened.api.create(stream, shardsCount);
    await untilActive(opened);
    return opened;
  };

  const untilActive = async ({ api, clock }: OpenedKinesis) => {
    while ((await api.describe(stream)).status !== 'ACTIVE') await clock.sleep(20);
  };

  /** Every record from the position to the tip, or to the end of a shard that is closed. */
  const read = async (
    { api, clock }: OpenedKinesis,
    shardId: string,
    position: ShardPosition,
    end: 'tip' | 'shard_end' = 'tip',
  ) => {
    const records: StreamRecord[] = [];
    let last: GetRecordsReply | undefined;
    let iterator: string | null = await api.getIterator({ stream, shardId, position });
    while (iterator !== null) {
      last = await api.getRecords({ iterator, limit: 10 });
      records.push(...last.records);
      expect(last.records.length).toBeLessThanOrEqual(10);
      iterator = last.nextIterator;
      const isTip = last.records.length === 0 && last.behindLatestMs === 0;
      if (end === 'tip' && isTip) break;
      await clock.sleep(10);
    }
    return { records, last };
  };

  const horizon = { type: 'TRIM_HORIZON' } as const;

  it('describes a stream', async () => {
    await using opened = await created(3);
    const summary = await opened.api.describe(stream);
    expect(summary).toMatchObject({ status: 'ACTIVE', openShardsCount: 3, retentionHours: 24 });
    expect(Math.abs(summary.creationTimeMs - opened.clock.nowMs())).toBeLessThan(60_000);
  });

  it('lists shards that cover all hash keys', async () => {
    await using opened = await created(3);
    const shards = await opened.api.listShards(stream);
    let next = 0n;
    for (const shard of shards) {
      expect(BigInt(shard.startingHashKey)).toBe(next);
      expect(shard.parentShardIds).toEqual([]);
      expect(shard.endingSequenceNumber).toBeUndefined();
      next = BigInt(shard.endingHashKey) + 1n;
    }
    expect(next).toBe(2n ** 128n);
  });

  it('answers a put entry by entry, with the shard of each', async () => {
    await using opened = await created(2);
    const results = await opened.api.putRecords(stream, [
      { partitionKey: 'x', explicitHashKey: '0', data: Buffer.from('low') },
      { partitionKey: 'x', explicitHashKey: middle, data: Buffer.from('high') },
      { partitionKey: 'x', explicitHashKey: '1', data: Buffer.from('low, too') },
    ]);
    const shardIds = results.map((result) => result.ok && result.shardId);
    expect(shardIds[0]).not.toBe(shardIds[1]);
    expect(shardIds[2]).toBe(shardIds[0]);
    const { records } = await read(opened, String(shardIds[0]), horizon);
    expect(records.map(nameOf)).toEqual(['low', 'low, too']);
    expect(records.map(({ partitionKey }) => partitionKey)).toEqual(['x', 'x']);
  });

  it('returns records in the order of their sequence numbers, from every kind of position', async () => {
    await using opened = await created(1);
    const [shard] = await opened.api.listShards(stream);
    const { shardId = '' } = shard ?? {};
    const before = await opened.api.getIterator({ stream, shardId, position: { type: 'LATEST' } });
    const names = Array.from({ length: 25 }, (_, index) => `r${index}`);
    for (const name of names) await opened.api.putRecords(stream, [named(name)]);
    const { records } = await read(opened, shardId, horizon);
    expect(records.map(nameOf)).toEqual(names);
    const numbers = records.map(({ sequenceNumber }) => sequenceNumber);
    expect(numbers).toEqual(numbers.toSorted(compareSequence));
    const tenth = numbers[10] ?? '';
    const at = await read(opened, shardId, { type: 'AT_SEQUENCE_NUMBER', sequenceNumber: tenth });
    expect(at.records.map(nameOf)).toEqual(names.slice(10));
    const after = await read(opened, shardId, {
      type: 'AFTER_SEQUENCE_NUMBER',
      sequenceNumber: tenth,
    });
    expect(after.records.map(nameOf)).toEqual(names.slice(11));
    const latest = await opened.api.getRecords({ iterator: before, limit: 100 });
    expect(latest.records.map(nameOf)).toEqual(names);
    const timestampMs = Math.min(...records.map(({ arrivalTimeMs }) => arrivalTimeMs));
    const since = await read(opened, shardId, { type: 'AT_TIMESTAMP', timestampMs });
    expect(since.records.map(nameOf)).toEqual(names);
  });

  it('reports how far behind the tip a reply is', async () => {
    await using opened = await created(1);
    const [shard] = await opened.api.listShards(stream);
    const { shardId = '' } = shard ?? {};
    await opened.api.putRecords(stream, [named('a'), named('b')]);
    await opened.clock.sleep(50);
    const iterator = await opened.api.getIterator({ stream, shardId, position: horizon });
    const first = await opened.api.getRecords({ iterator, limit: 1 });
    // A server with the gap says 0 always; then nothing may rely on more.
    expect(first.behindLatestMs > 0).toBe(!gaps.hasNoLag);
    const second = await opened.api.getRecords({ iterator: first.nextIterator ?? '', limit: 1 });
    expect(second.behindLatestMs).toBe(0);
  });

  it('ends a shard that was split, and lists its children', async () => {
    await using opened = await created(1);
    await opened.api.putRecords(stream, [named('a')]);
    const [parent] = await opened.api.listShards(stream);
    const { shardId = '' } = parent ?? {};
    await opened.split(stream, shardId, middle);
    await untilActive(opened);
    const shards = await opened.api.listShards(stream);
    expect(shards.find((shard) => shard.shardId === shardId)?.endingSequenceNumber).toBeDefined();
    const children = shards.filter((shard) => shard.parentShardIds.includes(shardId));
    expect(children.map(({ startingHashKey }) => startingHashKey)).toEqual(['0', middle]);
    const { records, last } = await read(opened, shardId, horizon, 'shard_end');
    expect(records.map(nameOf)).toEqual(['a']);
    expect(last?.nextIterator).toBeNull();
    if (gaps.hasNoChildShards) return;
    expect(last?.childShards.map((child) => child.shardId)).toEqual(
      children.map((child) => child.shardId),
    );
    expect(last?.childShards.map((child) => child.parentShardIds)).toEqual([[shardId], [shardId]]);
  });

  it('ends both shards that were merged, each with the one child', async () => {
    await using opened = await created(2);
    const [left, right] = await opened.api.listShards(stream);
    const parents = [left?.shardId ?? '', right?.shardId ?? ''] as const;
    await opened.merge(stream, ...parents);
    await untilActive(opened);
    const shards = await opened.api.listShards(stream);
    const child = shards.find((shard) => shard.parentShardIds.length === 2);
    expect(child?.parentShardIds.toSorted()).toEqual(parents.toSorted());
    for (const shardId of parents) {
      const { last } = await read(opened, shardId, horizon, 'shard_end');
      expect(last?.nextIterator).toBeNull();
      if (gaps.hasNoChildShards) continue;
      expect(last?.childShards.map((found) => found.shardId)).toEqual([child?.shardId]);
      expect(last?.childShards[0]?.parentShardIds.toSorted()).toEqual(parents.toSorted());
    }
  });

  it('names its errors like the service', async () => {
    await using opened = await created(1);
    const { api } = opened;
    await expect(api.describe('no-such-stream')).rejects.toMatchObject({
      exception: 'ResourceNotFoundException',
      retry: 'never',
    });
    await expect(api.create(stream, 1)).rejects.toMatchObject({
      exception: 'ResourceInUseException',
    });
    const lost = { stream, shardId: 'shardId-000000000099', position: horizon };
    await expect(api.getIterator(lost)).rejects.toMatchObject({
      exception: 'ResourceNotFoundException',
    });
  });

  it('ends a call with the reason of its signal', async () => {
    await using opened = await created(1);
    const reason = new Error('stopping');
    await expect(opened.api.describe(stream, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
}
