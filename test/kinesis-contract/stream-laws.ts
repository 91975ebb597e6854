import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteStreamCommand,
  DescribeLimitsCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  IncreaseStreamRetentionPeriodCommand,
  ListShardsCommand,
  ListStreamsCommand,
  ListTagsForStreamCommand,
  RemoveTagsFromStreamCommand,
  StartStreamEncryptionCommand,
  UpdateStreamModeCommand,
} from '@aws-sdk/client-kinesis';
import { expect } from 'vitest';
import { api, outOfBounds, type Law } from './law.ts';
import { hashKeyMax, StreamFixture, until } from './stream-fixture.ts';

/** Rules for streams as a whole. */
export const streamLaws: readonly Law[] = [
  {
    title: 'creates a stream that becomes ACTIVE with the shards asked for',
    source: api('CreateStream'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject, 3);
      expect(await stream.summary()).toMatchObject({
        StreamName: stream.name,
        StreamStatus: 'ACTIVE',
        OpenShardCount: 3,
        RetentionPeriodHours: 24,
        EncryptionType: 'NONE',
      });
    },
  },
  {
    title: 'covers the hash keys without a gap or an overlap',
    source: api('HashKeyRange'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject, 3);
      let next = 0n;
      for (const { HashKeyRange: range } of await stream.shards()) {
        expect(BigInt(range?.StartingHashKey ?? -1)).toBe(next);
        next = BigInt(range?.EndingHashKey ?? -1) + 1n;
      }
      expect(next).toBe(hashKeyMax + 1n);
    },
  },
  {
    title: 'refuses a second stream of the same name',
    source: api('CreateStream'),
    hold: async (subject) => {
      const { name } = await StreamFixture.create(subject);
      await expect(
        subject.client.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 })),
      ).rejects.toMatchObject({ name: 'ResourceInUseException' });
    },
  },
  {
    title: 'refuses calls on a stream that does not exist',
    source: api('DescribeStreamSummary'),
    hold: async ({ client }) => {
      await expect(
        client.send(new DescribeStreamSummaryCommand({ StreamName: 'nowhere' })),
      ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    },
  },
  {
    title: 'refuses a stream name with characters outside its pattern',
    source: api('CreateStream'),
    hold: async ({ client }) => {
      await expect(
        client.send(new CreateStreamCommand({ StreamName: 'a space', ShardCount: 1 })),
      ).rejects.toMatchObject({ name: outOfBounds });
    },
  },
  {
    title: 'takes the ARN of a stream instead of its name',
    source: api('ListShards'),
    hold: async (subject) => {
      const { arn } = await StreamFixture.create(subject, 2);
      const { Shards } = await subject.client.send(new ListShardsCommand({ StreamARN: arn }));
      expect(Shards).toHaveLength(2);
    },
  },
  {
    title: 'lists streams by name, page by page',
    source: api('ListStreams'),
    hold: async (subject) => {
      const names = [await StreamFixture.create(subject), await StreamFixture.create(subject)].map(
        ({ name }) => name,
      );
      const seen: string[] = [];
      let after: string | undefined;
      for (;;) {
        const page = await subject.client.send(
          new ListStreamsCommand({ Limit: 1, ...(after && { ExclusiveStartStreamName: after }) }),
        );
        expect(page.StreamNames).toHaveLength(1);
        seen.push(...(page.StreamNames ?? []));
        after = seen.at(-1);
        if (page.HasMoreStreams !== true) break;
      }
      expect(seen).toEqual(seen.toSorted((a, b) => (a < b ? -1 : 1)));
      expect(seen).toEqual(expect.arrayContaining(names));
    },
  },
  {
    title: 'describes the shards of a stream page by page',
    source: api('DescribeStream'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject, 3);
      const first = await subject.client.send(
        new DescribeStreamCommand({ StreamName: stream.name, Limit: 2 }),
      );
      expect(first.StreamDescription?.Shards).toHaveLength(2);
      expect(first.StreamDescription?.HasMoreShards).toBe(true);
      const rest = await subject.client.send(
        new DescribeStreamCommand({
          StreamName: stream.name,
          ExclusiveStartShardId: first.StreamDescription?.Shards?.at(-1)?.ShardId,
        }),
      );
      expect(rest.StreamDescription?.Shards).toHaveLength(1);
      expect(rest.StreamDescription?.HasMoreShards).toBe(false);
    },
  },
  {
    title: 'deletes a stream, and knows it no more',
    source: api('DeleteStream'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject);
      await subject.client.send(new DeleteStreamCommand({ StreamName: stream.name }));
      const status = await until(
        () =>
          stream.summary().then(
            ({ StreamStatus }) => String(StreamStatus),
            (error: Error) => error.name,
          ),
        (answer) => answer !== 'DELETING',
      );
      expect(status).toBe('ResourceNotFoundException');
    },
  },
  {
    title: 'keeps the tags that were added, and forgets those removed',
    source: api('AddTagsToStream'),
    hold: async (subject) => {
      const { name: StreamName } = await StreamFixture.create(subject);
      const { client } = subject;
      await client.send(
        new AddTagsToStreamCommand({ StreamName, Tags: { team: 'red', stage: 'test' } }),
      );
      await client.send(new AddTagsToStreamCommand({ StreamName, Tags: { team: 'blue' } }));
      await client.send(new RemoveTagsFromStreamCommand({ StreamName, TagKeys: ['stage'] }));
      const { Tags } = await client.send(new ListTagsForStreamCommand({ StreamName }));
      expect(Tags).toEqual([{ Key: 'team', Value: 'blue' }]);
    },
  },
  {
    title: 'changes the retention, up and down',
    source: api('IncreaseStreamRetentionPeriod'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject);
      const { name: StreamName } = stream;
      await subject.client.send(
        new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 48 }),
      );
      expect((await stream.active()).RetentionPeriodHours).toBe(48);
      await subject.client.send(
        new DecreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 24 }),
      );
      expect((await stream.active()).RetentionPeriodHours).toBe(24);
    },
  },
  {
    title: 'refuses a retention below a day',
    source: api('DecreaseStreamRetentionPeriod'),
    hold: async (subject) => {
      const { name: StreamName } = await StreamFixture.create(subject);
      await expect(
        subject.client.send(
          new DecreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 23 }),
        ),
      ).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    },
  },
  {
    title: 'changes the mode of a stream',
    source: api('UpdateStreamMode'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject);
      await subject.client.send(
        new UpdateStreamModeCommand({
          StreamARN: stream.arn,
          StreamModeDetails: { StreamMode: 'ON_DEMAND' },
        }),
      );
      const { StreamModeDetails } = await stream.active();
      expect(StreamModeDetails?.StreamMode).toBe('ON_DEMAND');
    },
  },
  {
    title: 'accepts that a stream is to be encrypted',
    source: api('StartStreamEncryption'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject);
      await subject.client.send(
        new StartStreamEncryptionCommand({
          StreamName: stream.name,
          EncryptionType: 'KMS',
          KeyId: 'alias/aws/kinesis',
        }),
      );
      expect(await stream.active()).toMatchObject({
        EncryptionType: 'KMS',
        KeyId: 'alias/aws/kinesis',
      });
    },
  },
  {
    title: 'counts the open shards of the account',
    source: api('DescribeLimits'),
    hold: async (subject) => {
      await StreamFixture.create(subject, 2);
      const limits = await subject.client.send(new DescribeLimitsCommand({}));
      expect(limits.OpenShardCount).toBeGreaterThanOrEqual(2);
      expect(limits.ShardLimit).toBeGreaterThanOrEqual(limits.OpenShardCount ?? Infinity);
    },
  },
];
