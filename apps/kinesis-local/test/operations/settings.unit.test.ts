import { describe, expect, it } from 'vitest';
import { operate } from '../operate.ts';

const StreamName = 'points';

async function opened(more?: object) {
  const account = operate({ transitionMs: 1_000 });
  await account.create(StreamName, more);
  await account.clock.advance(1_000);
  return account;
}

const onDemand = { StreamModeDetails: { StreamMode: 'ON_DEMAND' } };

describe('the retention of a stream', () => {
  it.each([
    { operation: 'IncreaseStreamRetentionPeriod', hours: 47, because: 'can not be shorter' },
    { operation: 'DecreaseStreamRetentionPeriod', hours: 49, because: 'can not be longer' },
    { operation: 'IncreaseStreamRetentionPeriod', hours: 8_761, because: 'is too long' },
    { operation: 'DecreaseStreamRetentionPeriod', hours: 23, because: 'is too short' },
  ])('of 48 hours rejects $hours by $operation', async ({ operation, hours, because }) => {
    const { call, refusal, summaryOf, clock } = await opened();
    await call('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 48 });
    await clock.advance(1_000);
    const refused = await refusal(operation, { StreamName, RetentionPeriodHours: hours });
    expect(refused).toMatch(/^InvalidArgumentException/);
    expect(refused).toContain(because);
    expect(await summaryOf(StreamName)).toMatchObject({ RetentionPeriodHours: 48 });
  });

  it('goes up to a year and down to a day', async () => {
    const { call, summaryOf, clock } = await opened();
    for (const [operation, hours] of [
      ['IncreaseStreamRetentionPeriod', 8_760],
      ['DecreaseStreamRetentionPeriod', 24],
    ] as const) {
      await call(operation, { StreamName, RetentionPeriodHours: hours });
      expect(await summaryOf(StreamName)).toMatchObject({ RetentionPeriodHours: hours });
      await clock.advance(1_000);
    }
  });
});

describe('a setting', () => {
  it('makes the stream UPDATING for a while, and no other is accepted in the meantime', async () => {
    const { call, refusal, summaryOf, clock } = await opened();
    await call('UpdateMaxRecordSize', { StreamName, MaxRecordSizeInKiB: 2048 });
    expect(await summaryOf(StreamName)).toMatchObject({
      StreamStatus: 'UPDATING',
      MaxRecordSizeInKiB: 2048,
    });
    const retention = { StreamName, RetentionPeriodHours: 48 };
    expect(await refusal('IncreaseStreamRetentionPeriod', retention)).toMatch(
      /^ResourceInUseException/,
    );
    await clock.advance(1_000);
    expect(await summaryOf(StreamName)).toMatchObject({ StreamStatus: 'ACTIVE' });
  });

  it('of the largest record applies to puts', async () => {
    const { call, refusal, clock } = await opened();
    const Data = Buffer.alloc(1_500_000).toString('base64');
    const record = { StreamName, PartitionKey: 'a', Data };
    expect(await refusal('PutRecord', record)).toMatch(/^(Validation|InvalidArgument)Exception/);
    await call('UpdateMaxRecordSize', { StreamName, MaxRecordSizeInKiB: 2048 });
    await clock.advance(1_000);
    expect(await call('PutRecord', record)).toHaveProperty('SequenceNumber');
  });

  it('of warm throughput is stored and shown', async () => {
    const { call, summaryOf } = await opened();
    const WarmThroughput = { TargetMiBps: 50, CurrentMiBps: 50 };
    const update = { StreamName, WarmThroughputMiBps: 50 };
    expect(await call('UpdateStreamWarmThroughput', update)).toMatchObject({ WarmThroughput });
    expect(await summaryOf(StreamName)).toMatchObject({ WarmThroughput });
  });

  it('of distribution accepts records without a key, until the mode is provisioned again', async () => {
    const { call, refusal, arnOf, clock } = await opened(onDemand);
    const StreamARN = arnOf(StreamName);
    const record = { StreamName, Data: 'YQ==' };
    const automatic = { StreamARN, RecordDistributionStrategy: 'AUTO' };
    expect(await refusal('PutRecord', record)).toContain("Value null at 'partitionKey'");
    await call('UpdateStreamRecordDistributionStrategy', automatic);
    expect(await call('PutRecord', record)).toHaveProperty('ShardId');
    await call('UpdateStreamMode', {
      StreamARN,
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
    });
    await clock.advance(1_000);
    expect(await refusal('PutRecord', record)).toContain("Value null at 'partitionKey'");
    expect(await refusal('UpdateStreamRecordDistributionStrategy', automatic)).toMatch(
      /^InvalidArgumentException: .*AUTO needs ON_DEMAND/,
    );
  });

  it('of encryption is reported for every record that is put and read', async () => {
    const { call, clock } = await opened();
    await call('StartStreamEncryption', { StreamName, EncryptionType: 'KMS', KeyId: 'alias/a' });
    await clock.advance(1_000);
    const put = await call('PutRecord', { StreamName, PartitionKey: 'a', Data: 'YQ==' });
    expect(put).toMatchObject({ EncryptionType: 'KMS' });
    const { ShardIterator } = await call('GetShardIterator', {
      StreamName,
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    });
    expect(await call('GetRecords', { ShardIterator })).toMatchObject({
      Records: [{ Data: 'YQ==', EncryptionType: 'KMS' }],
    });
  });

  it('of monitoring adds the named metrics, and removes them', async () => {
    const { call, clock } = await opened();
    const change = async (operation: string, ...ShardLevelMetrics: readonly string[]) => {
      const reply = await call(operation, { StreamName, ShardLevelMetrics });
      await clock.advance(1_000);
      return [reply['CurrentShardLevelMetrics'], reply['DesiredShardLevelMetrics']];
    };
    const first = ['IncomingBytes'];
    const both = ['IncomingBytes', 'OutgoingBytes'];
    expect(await change('EnableEnhancedMonitoring', ...first)).toEqual([[], first]);
    expect(await change('EnableEnhancedMonitoring', 'OutgoingBytes')).toEqual([first, both]);
    const [, all] = await change('EnableEnhancedMonitoring', 'ALL');
    expect(all).toHaveLength(7);
    await change('DisableEnhancedMonitoring', 'IncomingBytes');
    const [, none] = await change('DisableEnhancedMonitoring', 'ALL');
    expect(none).toEqual([]);
  });
});

describe('tags', () => {
  it('are listed page by page, by key', async () => {
    const { call } = await opened();
    await call('AddTagsToStream', { StreamName, Tags: { c: '3', a: '1', b: '2' } });
    const list = (more: object) => call('ListTagsForStream', { StreamName, ...more });
    expect(await list({ Limit: 2 })).toEqual({
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
      HasMoreTags: true,
    });
    expect(await list({ ExclusiveStartTagKey: 'b' })).toEqual({
      Tags: [{ Key: 'c', Value: '3' }],
      HasMoreTags: false,
    });
  });

  it('are limited to fifty, and none is added if there would be more', async () => {
    const { call, refusal } = await opened();
    const tags = (from: number, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${from + index}`, 'x']));
    await call('AddTagsToStream', { StreamName, Tags: tags(0, 50) });
    expect(await refusal('AddTagsToStream', { StreamName, Tags: tags(49, 2) })).toMatch(
      /^InvalidArgumentException: .*at most 50 tags; this would make it 51/,
    );
    await call('AddTagsToStream', { StreamName, Tags: { t0: 'other' } });
    const { Tags } = await call('ListTagsForStream', { StreamName });
    expect(Tags).toHaveLength(50);
  });
});

describe('a policy', () => {
  it.each(['no JSON', '[]', 'null', '"text"'])('is rejected if it is %s', async (Policy) => {
    const { refusal, arnOf } = await opened();
    const put = { ResourceARN: arnOf(StreamName), Policy };
    expect(await refusal('PutResourcePolicy', put)).toMatch(
      /^InvalidArgumentException: The policy is not a JSON object/,
    );
  });
});
