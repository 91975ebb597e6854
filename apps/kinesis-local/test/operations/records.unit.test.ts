import { describe, expect, it } from 'vitest';
import { RateLimits } from '../../src/operations/rate-limits.ts';
import { operate } from '../operate.ts';

const StreamName = 'points';
const ShardId = 'shardId-000000000000';

describe('a position', () => {
  it.each([
    { ShardIteratorType: 'AT_SEQUENCE_NUMBER' },
    { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' },
    { ShardIteratorType: 'LATEST', StartingSequenceNumber: '1' },
    { ShardIteratorType: 'TRIM_HORIZON', StartingSequenceNumber: '1' },
    { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: 1, StartingSequenceNumber: '1' },
    { ShardIteratorType: 'AT_TIMESTAMP' },
  ])('is rejected where it is incomplete: $ShardIteratorType', async (position) => {
    const { create, refusal } = operate();
    await create(StreamName);
    expect(await refusal('GetShardIterator', { StreamName, ShardId, ...position })).toMatch(
      /^InvalidArgumentException: Must (either )?specify/,
    );
  });

  it('may name its shard in the short form', async () => {
    const { create, call } = operate();
    await create(StreamName);
    for (const short of ['0', 'shardId-0']) {
      const latest = { StreamName, ShardId: short, ShardIteratorType: 'LATEST' };
      expect(await call('GetShardIterator', latest)).toHaveProperty('ShardIterator');
    }
  });
});

describe('a dry run', () => {
  it('says that a call would have succeeded, and does nothing', async () => {
    const { create, call, refusal, account, arnOf } = operate();
    await create(StreamName);
    const record = { PartitionKey: 'a', Data: 'YQ==' };
    const latest = { StreamName, ShardId, ShardIteratorType: 'LATEST' };
    const { ShardIterator } = await call('GetShardIterator', latest);
    const StreamARN = arnOf(StreamName);
    const registered = await call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'reader' });
    const { ConsumerARN } = registered['Consumer'] as { ConsumerARN: string };
    const calls = {
      PutRecord: { StreamName, ...record },
      PutRecords: { StreamName, Records: [record] },
      GetShardIterator: latest,
      GetRecords: { ShardIterator },
      SubscribeToShard: { ConsumerARN, ShardId, StartingPosition: { Type: 'LATEST' } },
    };
    for (const [name, body] of Object.entries(calls)) {
      expect(await refusal(name, { ...body, DryRun: true })).toMatch(/^DryRunOperationException/);
    }
    expect(account.stream(StreamName).shards[0]?.log.endIndex).toBe(1);
    // A call that would have failed fails.
    expect(await refusal('PutRecord', { ...record, StreamName: 'none', DryRun: true })).toMatch(
      /^ResourceNotFoundException/,
    );
  });
});

describe('faults', () => {
  it('of parts of a call reject some of its records, and answer for all in order', async () => {
    const { create, call, registry } = operate({}, { partial: 1 });
    await create(StreamName);
    const keys = Array.from({ length: 20 }, (_, index) => `key ${index}`);
    const reply = await call('PutRecords', {
      StreamName,
      Records: keys.map((key) => ({
        PartitionKey: key,
        Data: Buffer.from(key).toString('base64'),
      })),
    });
    const answers = reply['Records'] as { ErrorCode?: string; SequenceNumber?: string }[];
    const failed = answers.filter(({ ErrorCode }) => ErrorCode !== undefined);
    expect(answers).toHaveLength(20);
    expect(reply['FailedRecordCount']).toBe(failed.length);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(20);
    const { ShardIterator } = await call('GetShardIterator', {
      StreamName,
      ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    const read = await call('GetRecords', { ShardIterator });
    const taken = (read['Records'] as { PartitionKey: string; SequenceNumber: string }[]).map(
      ({ PartitionKey, SequenceNumber }) => `${PartitionKey} ${SequenceNumber}`,
    );
    const answered = answers.flatMap(({ SequenceNumber }, index) =>
      SequenceNumber === undefined ? [] : [`${keys[index]} ${SequenceNumber}`],
    );
    expect(taken).toEqual(answered);
    const metrics = await registry.metrics();
    expect(metrics).toContain(`kinesis_local_records_refused_total ${failed.length}`);
    expect(metrics).toContain(`kinesis_local_records_in_total ${taken.length}`);
  });

  it('of duplicates return the same records again, and of iterators let them expire', async () => {
    const oldest = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
    const again = operate({}, { duplicate: 1 });
    await again.create(StreamName);
    const record = { PartitionKey: 'key', Data: 'e30=' };
    await again.call('PutRecord', { StreamName, ...record });
    const { ShardIterator } = await again.call('GetShardIterator', oldest);
    const read = await again.call('GetRecords', { ShardIterator });
    expect(read['Records']).toMatchObject([record]);
    const next = await again.call('GetRecords', { ShardIterator: read['NextShardIterator'] });
    expect(next['Records']).toEqual(read['Records']);
    const expired = operate({}, { expireIterator: 1 });
    await expired.create(StreamName);
    const given = await expired.call('GetShardIterator', oldest);
    expect(await expired.refusal('GetRecords', given)).toMatch(/^ExpiredIteratorException/);
  });
});

describe('rates', () => {
  const take = (limits: RateLimits, operation: string, body: object, nowMs = 0) => {
    try {
      limits.take(operation, body, nowMs);
      return 'ok';
    } catch (error) {
      return String((error as { exception?: unknown }).exception);
    }
  };

  it('of iterators are counted by shard', () => {
    const limits = new RateLimits();
    const ask = (shard: string, nowMs = 0) =>
      take(limits, 'GetShardIterator', { StreamName, ShardId: shard }, nowMs);
    const five = Array.from({ length: 5 }, () => 'ok');
    expect(Array.from({ length: 6 }, () => ask('a'))).toEqual([
      ...five,
      'ProvisionedThroughputExceededException',
    ]);
    expect(Array.from({ length: 5 }, () => ask('b'))).toEqual(five);
    expect(ask('a', 1_000)).toBe('ok');
  });

  it('of calls that name no stream are counted for the account', () => {
    const limits = new RateLimits();
    const answers = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) =>
      take(limits, 'CreateStream', { StreamName: name }),
    );
    expect(answers.at(-1)).toBe('LimitExceededException');
    expect(answers.filter((answer) => answer === 'ok')).toHaveLength(5);
  });
});

describe('a request', () => {
  it('lists the first ten of its problems, and shows little of each value', async () => {
    const { create, refusal } = operate();
    await create(StreamName);
    const PartitionKey = 'k'.repeat(5_000);
    const Records = Array.from({ length: 30 }, () => ({ PartitionKey, Data: 'YQ==' }));
    const refused = await refusal('PutRecords', { StreamName, Records });
    expect(refused).toMatch(/^ValidationException: 10 validation errors detected: /);
    expect(refused.length).toBeLessThan(4_000);
  });

  it('with too long a list is not read any further', async () => {
    const { create, refusal } = operate();
    await create(StreamName);
    const Records = Array.from({ length: 501 }, () => ({}));
    expect(await refusal('PutRecords', { StreamName, Records })).toMatch(
      /^ValidationException: 1 validation error detected: Value '\[\]' at 'records'/,
    );
  });

  it.each([
    { body: { StreamName: 5 }, because: 'a number can not be converted to String' },
    { body: { StreamName, DryRun: 'yes' }, because: 'a string can not be converted to Boolean' },
    { body: { StreamName, Records: {} }, because: 'a object can not be converted to list' },
    {
      body: { StreamName, Records: [{ PartitionKey: 'a', Data: 'YQ=' }] },
      because: 'a string can not be converted to Blob',
    },
    {
      body: { StreamName, Records: [{ PartitionKey: 'a', Data: 'Y*Q=' }] },
      because: 'a string can not be converted to Blob',
    },
  ])('with a member of another type cannot be read: $because', async ({ body, because }) => {
    const { create, refusal } = operate();
    await create(StreamName);
    expect(await refusal('PutRecords', body)).toBe(`SerializationException: ${because}`);
  });

  it('has its fractions cut off', async () => {
    const { create, call } = operate();
    await create(StreamName);
    const half = { StreamName, TargetShardCount: 2.9, ScalingType: 'UNIFORM_SCALING' };
    expect(await call('UpdateShardCount', half)).toMatchObject({ TargetShardCount: 2 });
  });
});
