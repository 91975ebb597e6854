import { describe, expect, it } from 'vitest';
import { MemoryKinesis, SimulatedClock } from '@highwater/testkit';
import { filterShards, type ShardFilter } from '../src/index.ts';

const stream = 'points';
const startMs = Date.UTC(2026, 0, 1);

// Shard 0 is split into 1 and 2 after one hour; 1 and 2 are merged into 3 after two hours.
async function resharded() {
  const clock = new SimulatedClock(startMs);
  const { account } = new MemoryKinesis(clock);
  await account.createStream({ streamName: stream });
  await clock.advance(3_600_000);
  await account.splitShard(stream, 'shardId-000000000000', '1000');
  await clock.advance(3_600_000);
  await account.mergeShards(stream, 'shardId-000000000001', 'shardId-000000000002');
  const list = (filter: ShardFilter) =>
    filterShards(account.stream(stream), filter, clock.nowMs()).map(({ shardId }) =>
      Number(shardId.slice(-1)),
    );
  return { clock, list };
}

const at = (hours: number) => startMs + hours * 3_600_000;

describe('filterShards', () => {
  it.each<{ filter: ShardFilter; shards: number[] }>([
    { filter: { type: 'FROM_TRIM_HORIZON' }, shards: [0, 1, 2, 3] },
    { filter: { type: 'AT_LATEST' }, shards: [3] },
    { filter: { type: 'AT_TRIM_HORIZON' }, shards: [0] },
    { filter: { type: 'AFTER_SHARD_ID', shardId: 'shardId-000000000001' }, shards: [2, 3] },
    { filter: { type: 'AT_TIMESTAMP', timestampMs: at(0.5) }, shards: [0] },
    { filter: { type: 'AT_TIMESTAMP', timestampMs: at(1.5) }, shards: [1, 2] },
    { filter: { type: 'AT_TIMESTAMP', timestampMs: at(3) }, shards: [3] },
    { filter: { type: 'AT_TIMESTAMP', timestampMs: 0 }, shards: [0] },
    { filter: { type: 'FROM_TIMESTAMP', timestampMs: at(1.5) }, shards: [1, 2, 3] },
    { filter: { type: 'FROM_TIMESTAMP', timestampMs: 0 }, shards: [0, 1, 2, 3] },
  ])('lists $shards with $filter.type', async ({ filter, shards }) => {
    const { list } = await resharded();
    expect(list(filter)).toEqual(shards);
  });

  it('moves the trim horizon with the retention', async () => {
    const { clock, list } = await resharded();
    await clock.advance(23.5 * 3_600_000);
    expect(list({ type: 'AT_TRIM_HORIZON' })).toEqual([1, 2]);
  });
});
