import { describe, expect, it } from 'vitest';
import { MemoryKinesis, SimulatedClock } from '@highwater/testkit';

const stream = 'points';
const first = 'shardId-000000000000';
const mebibyte = 2 ** 20;

async function limited(recordBytesMax = mebibyte) {
  const clock = new SimulatedClock();
  const kinesis = new MemoryKinesis(clock, { enforcesLimits: true });
  await kinesis.create(stream, 1);
  kinesis.account.stream(stream).settings.recordBytesMax = recordBytesMax;
  const put = async (count: number, bytes: number) => {
    const results = await kinesis.putRecords(
      stream,
      Array.from({ length: count }, () => ({ partitionKey: 'k', data: Buffer.alloc(bytes - 1) })),
    );
    return results.filter(({ ok }) => ok).length;
  };
  const position = { type: 'TRIM_HORIZON' } as const;
  const iterator = await kinesis.getIterator({ stream, shardId: first, position });
  return { clock, kinesis, put, iterator };
}

const throttled = { exception: 'ProvisionedThroughputExceededException' };

describe('the limits of a shard', () => {
  it('accepts 1,000 records a second, and rejects only those beyond', async () => {
    const { clock, put } = await limited();
    expect([await put(500, 10), await put(499, 10), await put(500, 10)]).toEqual([500, 499, 1]);
    await clock.advance(500);
    expect(await put(1000, 10)).toBe(500);
    await clock.advance(1000);
    expect(await put(1500, 10)).toBe(1000);
  });

  it('accepts 1 MiB a second', async () => {
    const { clock, put } = await limited();
    expect(await put(10, mebibyte / 4)).toBe(4);
    await clock.advance(250);
    expect(await put(10, mebibyte / 4)).toBe(1);
  });

  it('says which record was rejected, where, and why', async () => {
    const { kinesis } = await limited();
    const big = { partitionKey: 'k', data: Buffer.alloc(0.9 * mebibyte) };
    const small = { partitionKey: 'k', data: Buffer.alloc(10) };
    const results = await kinesis.putRecords(stream, [big, big, small]);
    expect(results.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(results[1]).toEqual({
      ok: false,
      errorCode: 'ProvisionedThroughputExceededException',
      errorMessage: `Rate exceeded for shard ${first} in stream ${stream} under account 000000000000.`,
    });
  });

  it('accepts a larger record when nothing else was put, and pauses afterwards', async () => {
    const { clock, put } = await limited(10 * mebibyte);
    expect(await put(1, 5 * mebibyte)).toBe(1);
    await clock.advance(4000);
    expect(await put(1, 10)).toBe(0);
    await clock.advance(1001);
    expect(await put(1, 10)).toBe(1);
  });

  it('allows five reads a second', async () => {
    const { clock, kinesis, iterator } = await limited();
    const read = () => kinesis.getRecords({ iterator, limit: 10 });
    for (let i = 0; i < 5; i += 1) await read();
    await expect(read()).rejects.toMatchObject(throttled);
    await clock.advance(200);
    await expect(read()).resolves.toBeDefined();
    await expect(read()).rejects.toMatchObject(throttled);
  });

  it('pauses for five seconds after a reply of 10 MiB', async () => {
    const { clock, kinesis, put, iterator } = await limited(10 * mebibyte);
    for (let i = 0; i < 11; i += 1) {
      expect(await put(1, mebibyte)).toBe(1);
      await clock.advance(1000);
    }
    const { records, nextIterator } = await kinesis.getRecords({ iterator, limit: 10_000 });
    expect(records).toHaveLength(10);
    await clock.advance(4990);
    const read = () => kinesis.getRecords({ iterator: nextIterator ?? '', limit: 10 });
    await expect(read()).rejects.toMatchObject(throttled);
    await clock.advance(20);
    expect((await read()).records).toHaveLength(1);
  });

  it('scales ten times a day, and no more', async () => {
    const { clock, kinesis } = await limited();
    const scale = () =>
      kinesis.account.updateShardCount(
        stream,
        kinesis.account.stream(stream).openShards.length === 1 ? 2 : 1,
      );
    for (let i = 0; i < 10; i += 1) await scale();
    await expect(scale()).rejects.toMatchObject({ exception: 'LimitExceededException' });
    await clock.advance(86_400_001);
    await expect(scale()).resolves.toBeUndefined();
  });

  it('enforces no limits on a stream without them', async () => {
    const { clock, kinesis, put } = await limited();
    kinesis.account.stream(stream).enforceLimits(false, clock.nowMs());
    expect(await put(5000, 10)).toBe(5000);
  });
});
