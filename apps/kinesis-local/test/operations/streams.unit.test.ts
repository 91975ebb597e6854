import { describe, expect, it } from 'vitest';
import { operate } from '../operate.ts';

const onDemand = { StreamModeDetails: { StreamMode: 'ON_DEMAND' } };

describe('CreateStream', () => {
  it.each([
    { more: {}, because: /ShardCount must be specified/ },
    { more: { ...onDemand, ShardCount: 2 }, because: /ShardCount can not be specified/ },
    {
      more: { ShardCount: 1, RecordDistributionStrategy: 'AUTO' },
      because: /AUTO needs the ON_DEMAND mode/,
    },
  ])('rejects $more', async ({ more, because }) => {
    const { create, refusal, account } = operate();
    expect(await refusal('CreateStream', { StreamName: 'points', ...more })).toMatch(because);
    expect(account.streams()).toEqual([]);
    await create('points');
  });

  it('stores its settings', async () => {
    const { create, summaryOf, call } = operate();
    await create('points', {
      ...onDemand,
      MaxRecordSizeInKiB: 2048,
      WarmThroughputMiBps: 100,
      RecordDistributionStrategy: 'AUTO',
      Tags: { team: 'tides' },
    });
    expect(await summaryOf('points')).toMatchObject({
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      MaxRecordSizeInKiB: 2048,
      WarmThroughput: { TargetMiBps: 100, CurrentMiBps: 100 },
      RecordDistributionStrategy: 'AUTO',
    });
    expect(await call('ListTagsForStream', { StreamName: 'points' })).toEqual({
      Tags: [{ Key: 'team', Value: 'tides' }],
      HasMoreTags: false,
    });
  });

  it('accepts five at a time while limits are enforced', async () => {
    const { create, refusal } = operate({ enforcesLimits: true, transitionMs: 1_000 });
    for (let index = 0; index < 5; index += 1) await create(`points-${index}`);
    const sixth = { StreamName: 'sixth', ShardCount: 1 };
    expect(await refusal('CreateStream', sixth)).toMatch(/^LimitExceededException: 5 streams/);
    const free = operate({ transitionMs: 1_000 });
    for (let index = 0; index < 6; index += 1) await free.create(`points-${index}`);
    expect(free.account.streams()).toHaveLength(6);
  });
});

describe('a stream', () => {
  it('is named by its name, its ARN, or both, if they agree', async () => {
    const { create, call, refusal, arnOf } = operate();
    await create('points');
    await create('others');
    const summary = (body: object) => call('DescribeStreamSummary', body);
    const StreamARN = arnOf('points');
    expect(await summary({ StreamARN, StreamName: 'points' })).toEqual(
      await summary({ StreamARN }),
    );
    expect(await refusal('DescribeStreamSummary', { StreamARN, StreamName: 'others' })).toMatch(
      /^InvalidArgumentException: .*name different streams/,
    );
    expect(await refusal('DescribeStreamSummary')).toMatch(
      /^InvalidArgumentException: Either StreamName or StreamARN/,
    );
  });

  it('with consumers is deleted only if the request says so', async () => {
    const { create, call, refusal, arnOf, summaryOf, account } = operate();
    await create('points');
    const StreamARN = arnOf('points');
    await call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'reader' });
    expect(await summaryOf('points')).toMatchObject({ ConsumerCount: 1 });
    const points = { StreamName: 'points' };
    expect(await refusal('DeleteStream', points)).toMatch(
      /^ResourceInUseException: .* 1 registered/,
    );
    expect(account.streams()).toHaveLength(1);
    await call('DeleteStream', { ...points, EnforceConsumerDeletion: true });
    expect(account.streams()).toEqual([]);
  });

  it('is on a page of the list, and the token leads to the next one', async () => {
    const { create, call } = operate();
    for (const name of ['a', 'b', 'c']) await create(name);
    const first = await call('ListStreams', { Limit: 2 });
    expect(first).toMatchObject({ StreamNames: ['a', 'b'], HasMoreStreams: true });
    const rest = await call('ListStreams', { NextToken: first['NextToken'] });
    expect(rest).toMatchObject({ StreamNames: ['c'], HasMoreStreams: false });
    expect(rest).not.toHaveProperty('NextToken');
  });

  it('on demand is counted separately in the limits of the account', async () => {
    const { create, call } = operate();
    await create('points', { ShardCount: 3 });
    await create('free', onDemand);
    expect(await call('DescribeLimits')).toMatchObject({
      OnDemandStreamCount: 1,
      OpenShardCount: 7,
    });
  });
});

describe('consumers', () => {
  it('are listed page by page, by name', async () => {
    const { create, call, arnOf } = operate();
    await create('points');
    const StreamARN = arnOf('points');
    for (const ConsumerName of ['c', 'a', 'b']) {
      await call('RegisterStreamConsumer', { StreamARN, ConsumerName });
    }
    const names = (reply: Readonly<Record<string, unknown>>) =>
      (reply['Consumers'] as { ConsumerName: string }[]).map(({ ConsumerName }) => ConsumerName);
    const first = await call('ListStreamConsumers', { StreamARN, MaxResults: 2 });
    expect(names(first)).toEqual(['a', 'b']);
    const next = { StreamARN, NextToken: first['NextToken'] };
    const rest = await call('ListStreamConsumers', next);
    expect(names(rest)).toEqual(['c']);
    expect(rest).not.toHaveProperty('NextToken');
  });

  it('are named by their ARN, or by stream and name, and by all three only if they agree', async () => {
    const { create, call, refusal, arnOf } = operate();
    await create('points');
    const StreamARN = arnOf('points');
    const register = async (ConsumerName: string) => {
      const reply = await call('RegisterStreamConsumer', { StreamARN, ConsumerName });
      return (reply['Consumer'] as { ConsumerARN: string }).ConsumerARN;
    };
    const ConsumerARN = await register('reader');
    await register('other');
    const byArn = await call('DescribeStreamConsumer', { ConsumerARN });
    const byName = { StreamARN, ConsumerName: 'reader' };
    expect(await call('DescribeStreamConsumer', byName)).toEqual(byArn);
    expect(await call('DescribeStreamConsumer', { ...byName, ConsumerARN })).toEqual(byArn);
    const other = { ConsumerARN, StreamARN, ConsumerName: 'other' };
    expect(await refusal('DeregisterStreamConsumer', other)).toMatch(
      /^InvalidArgumentException: .*different consumers/,
    );
    expect(await refusal('DescribeStreamConsumer', { StreamARN })).toMatch(
      /^InvalidArgumentException: Either ConsumerARN/,
    );
    expect(await refusal('DescribeStreamConsumer', { StreamARN, ConsumerName: 'nobody' })).toMatch(
      /^ResourceNotFoundException: Consumer nobody of stream points/,
    );
  });
});

describe('ListShards', () => {
  it('continues from a token, which names the stream by itself, for five minutes', async () => {
    const { create, call, refusal, clock } = operate();
    await create('points', { ShardCount: 3 });
    const first = await call('ListShards', { StreamName: 'points', MaxResults: 2 });
    expect(first['Shards']).toHaveLength(2);
    const { NextToken } = first;
    expect((await call('ListShards', { NextToken }))['Shards']).toMatchObject([
      { ShardId: 'shardId-000000000002' },
    ]);
    for (const more of [
      { StreamName: 'points' },
      { ExclusiveStartShardId: 'shardId-000000000000' },
      { StreamCreationTimestamp: 1 },
    ]) {
      expect(await refusal('ListShards', { NextToken, ...more })).toMatch(
        /^InvalidArgumentException: NextToken and \w+ cannot be provided together/,
      );
    }
    await clock.advance(300_000);
    await call('ListShards', { NextToken });
    await clock.advance(1);
    expect(await refusal('ListShards', { NextToken })).toMatch(/^ExpiredNextTokenException/);
    expect(await refusal('ListShards', { NextToken: 'bm8=' })).toMatch(
      /^InvalidArgumentException: The NextToken is invalid/,
    );
  });

  it('finds no stream that was created at another time', async () => {
    const { create, call, refusal, clock } = operate();
    await create('points');
    const createdSeconds = clock.nowMs() / 1_000;
    const at = (StreamCreationTimestamp: number) => ({
      StreamName: 'points',
      StreamCreationTimestamp,
    });
    expect((await call('ListShards', at(createdSeconds + 0.9)))['Shards']).toHaveLength(1);
    expect(await refusal('ListShards', at(createdSeconds + 2))).toMatch(
      /^ResourceNotFoundException/,
    );
  });

  it.each(['AFTER_SHARD_ID', 'AT_TIMESTAMP', 'FROM_TIMESTAMP'])(
    'rejects the filter %s without its value',
    async (Type) => {
      const { create, refusal } = operate();
      await create('points');
      expect(await refusal('ListShards', { StreamName: 'points', ShardFilter: { Type } })).toMatch(
        /^InvalidArgumentException: \w+ must be specified for/,
      );
    },
  );
});
