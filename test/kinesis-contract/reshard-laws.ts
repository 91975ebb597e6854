import {
  ListShardsCommand,
  MergeShardsCommand,
  SplitShardCommand,
  UpdateShardCountCommand,
  type ShardFilter,
} from '@aws-sdk/client-kinesis';
import { compareSequence } from '@highwater/model';
import { expect } from 'vitest';
import { api, type Law, type Subject } from './law.ts';
import { hashKeyMax, StreamFixture, textOf } from './stream-fixture.ts';

const middle = (hashKeyMax + 1n) / 2n;

/** A stream whose only shard was split in two, with a record before and one after. */
async function splitStream(subject: Subject): Promise<StreamFixture> {
  const stream = await StreamFixture.create(subject);
  await stream.put('before');
  await subject.client.send(
    new SplitShardCommand({
      StreamName: stream.name,
      ShardToSplit: await stream.shardId(),
      NewStartingHashKey: middle.toString(),
    }),
  );
  await stream.active();
  await stream.put('after');
  return stream;
}

async function mergedStream(subject: Subject): Promise<StreamFixture> {
  const stream = await StreamFixture.create(subject, 2);
  const [first, second] = await stream.shards();
  await subject.client.send(
    new MergeShardsCommand({
      StreamName: stream.name,
      ShardToMerge: first?.ShardId,
      AdjacentShardToMerge: second?.ShardId,
    }),
  );
  await stream.active();
  return stream;
}

async function filtered(stream: StreamFixture, filter: ShardFilter): Promise<readonly unknown[]> {
  const { Shards = [] } = await stream.subject.client.send(
    new ListShardsCommand({ StreamName: stream.name, ShardFilter: filter }),
  );
  return Shards.map(({ ShardId }) => Number(ShardId?.slice(-4)));
}

/** Rules for splitting, merging, and scaling shards. */
export const reshardLaws: readonly Law[] = [
  {
    title: 'splits a shard into two that continue it',
    source: api('SplitShard'),
    hold: async (subject) => {
      const [parent, left, right] = await (await splitStream(subject)).shards();
      expect(parent?.SequenceNumberRange?.EndingSequenceNumber).toBeDefined();
      expect(left).toMatchObject({
        ParentShardId: parent?.ShardId,
        HashKeyRange: { StartingHashKey: '0', EndingHashKey: `${middle - 1n}` },
      });
      expect(right).toMatchObject({
        ParentShardId: parent?.ShardId,
        HashKeyRange: { StartingHashKey: `${middle}`, EndingHashKey: `${hashKeyMax}` },
      });
      expect(left?.SequenceNumberRange?.EndingSequenceNumber).toBeUndefined();
    },
  },
  {
    title: 'keeps the records of a closed shard in it, and puts later ones into its children',
    source:
      'https://docs.aws.amazon.com/streams/latest/dev/kinesis-using-sdk-java-after-resharding.html',
    hold: async (subject) => {
      const stream = await splitStream(subject);
      const [parent, ...children] = await stream.shards();
      expect((await stream.readAll(parent?.ShardId)).map(textOf)).toEqual(['before']);
      const later = [];
      for (const { ShardId } of children) later.push(...(await stream.readAll(ShardId)));
      expect(later.map(textOf)).toEqual(['after']);
    },
  },
  {
    title: 'ends a closed shard with no next iterator',
    source: api('GetRecords'),
    hold: async (subject) => {
      const stream = await splitStream(subject);
      const [parent] = await stream.shards();
      await expect(stream.readToEnd(parent?.ShardId ?? '')).resolves.toBeDefined();
    },
  },
  {
    title: 'names the children at the end of a split shard',
    source: api('GetRecords'),
    hold: async (subject) => {
      const stream = await splitStream(subject);
      const [parent, left, right] = await stream.shards();
      const { ChildShards } = await stream.readToEnd(parent?.ShardId ?? '');
      expect(ChildShards).toEqual(
        [left, right].map((child) => ({
          ShardId: child?.ShardId,
          ParentShards: [parent?.ShardId],
          HashKeyRange: child?.HashKeyRange,
        })),
      );
    },
  },
  {
    title: 'merges two shards into one that continues both',
    source: api('MergeShards'),
    hold: async (subject) => {
      const [first, second, child] = await (await mergedStream(subject)).shards();
      expect(child).toMatchObject({
        ParentShardId: first?.ShardId,
        AdjacentParentShardId: second?.ShardId,
        HashKeyRange: { StartingHashKey: '0', EndingHashKey: `${hashKeyMax}` },
      });
      for (const parent of [first, second]) {
        const range = parent?.SequenceNumberRange;
        expect(
          compareSequence(range?.EndingSequenceNumber ?? '', range?.StartingSequenceNumber ?? ''),
        ).toBeGreaterThan(0);
      }
    },
  },
  {
    title: 'names the child at the end of both merged shards',
    source: api('ChildShard'),
    hold: async (subject) => {
      const stream = await mergedStream(subject);
      const [first, second, child] = await stream.shards();
      const wanted = [
        {
          ShardId: child?.ShardId,
          ParentShards: [first?.ShardId, second?.ShardId],
          HashKeyRange: child?.HashKeyRange,
        },
      ];
      for (const parent of [first, second]) {
        expect((await stream.readToEnd(parent?.ShardId ?? '')).ChildShards).toEqual(wanted);
      }
    },
  },
  {
    title: 'refuses a split outside the range of the shard',
    source: api('SplitShard'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject, 2);
      await expect(
        subject.client.send(
          new SplitShardCommand({
            StreamName: stream.name,
            ShardToSplit: await stream.shardId(),
            NewStartingHashKey: hashKeyMax.toString(),
          }),
        ),
      ).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    },
  },
  {
    title: 'refuses to merge shards whose ranges do not touch',
    source: api('MergeShards'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject, 3);
      const [first, , third] = await stream.shards();
      await expect(
        subject.client.send(
          new MergeShardsCommand({
            StreamName: stream.name,
            ShardToMerge: first?.ShardId,
            AdjacentShardToMerge: third?.ShardId,
          }),
        ),
      ).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    },
  },
  {
    title: 'scales to equal shards',
    source: api('UpdateShardCount'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject, 2);
      const reply = await subject.client.send(
        new UpdateShardCountCommand({
          StreamName: stream.name,
          TargetShardCount: 3,
          ScalingType: 'UNIFORM_SCALING',
        }),
      );
      expect(reply).toMatchObject({ CurrentShardCount: 2, TargetShardCount: 3 });
      expect((await stream.active()).OpenShardCount).toBe(3);
      const open = (await stream.shards()).filter(
        (shard) => shard.SequenceNumberRange?.EndingSequenceNumber === undefined,
      );
      const sizes = open.map(
        ({ HashKeyRange: range }) =>
          BigInt(range?.EndingHashKey ?? 0) - BigInt(range?.StartingHashKey ?? 0) + 1n,
      );
      expect(sizes.reduce((sum, size) => sum + size, 0n)).toBe(hashKeyMax + 1n);
      for (const size of sizes) expect(Number(size) / Number(hashKeyMax)).toBeCloseTo(1 / 3, 5);
    },
  },
  {
    title: 'refuses to more than double the shards',
    source: api('UpdateShardCount'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject, 2);
      await expect(
        subject.client.send(
          new UpdateShardCountCommand({
            StreamName: stream.name,
            TargetShardCount: 5,
            ScalingType: 'UNIFORM_SCALING',
          }),
        ),
      ).rejects.toMatchObject({
        name: expect.stringMatching(/^(InvalidArgument|LimitExceeded)Exception$/) as string,
      });
    },
  },
  {
    title: 'lists the open shards alone with AT_LATEST',
    source: api('ShardFilter'),
    hold: async (subject) => {
      const stream = await splitStream(subject);
      expect(await filtered(stream, { Type: 'AT_LATEST' })).toEqual([1, 2]);
    },
  },
  {
    title: 'lists all shards that have records with FROM_TRIM_HORIZON',
    source: api('ShardFilter'),
    hold: async (subject) => {
      const stream = await splitStream(subject);
      expect(await filtered(stream, { Type: 'FROM_TRIM_HORIZON' })).toEqual([0, 1, 2]);
    },
  },
  {
    title: 'lists the shards that were open at the trim horizon with AT_TRIM_HORIZON',
    source: api('ShardFilter'),
    hold: async (subject) => {
      const stream = await splitStream(subject);
      expect(await filtered(stream, { Type: 'AT_TRIM_HORIZON' })).toEqual([0]);
    },
  },
  {
    title: 'lists the shards after one with AFTER_SHARD_ID',
    source: api('ShardFilter'),
    hold: async (subject) => {
      const stream = await splitStream(subject);
      const ShardId = 'shardId-000000000001';
      expect(await filtered(stream, { Type: 'AFTER_SHARD_ID', ShardId })).toEqual([2]);
    },
  },
  {
    title: 'lists the shards that were open at a time with AT_TIMESTAMP',
    source: api('ShardFilter'),
    hold: async (subject) => {
      const stream = await splitStream(subject);
      const [record] = await stream.readAll('shardId-000000000000');
      const Timestamp = record?.ApproximateArrivalTimestamp;
      expect(await filtered(stream, { Type: 'AT_TIMESTAMP', Timestamp })).toEqual([0]);
    },
  },
  {
    title: 'lists shards page by page',
    source: api('ListShards'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject, 3);
      const first = await subject.client.send(
        new ListShardsCommand({ StreamName: stream.name, MaxResults: 2 }),
      );
      expect(first.Shards).toHaveLength(2);
      const rest = await subject.client.send(
        new ListShardsCommand({ NextToken: first.NextToken, MaxResults: 2 }),
      );
      expect(rest.Shards).toHaveLength(1);
      expect(rest.NextToken).toBeUndefined();
    },
  },
];
