import { expect } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { api, type Law } from './law.ts';
import { StreamFixture, textOf } from './stream-fixture.ts';

type Position = Parameters<StreamFixture['iterator']>[0];

/** Texts that a reader gets first from a position, of the three that were put. */
async function textsFrom(
  subject: Parameters<Law['hold']>[0],
  positionOf: (numbers: readonly string[]) => Position,
): Promise<string> {
  const stream = await StreamFixture.create(subject);
  const numbers = await stream.put('0', '1', '2');
  const reply = await stream.get(await stream.iterator(positionOf(numbers)));
  return (reply.Records ?? []).map(textOf).join('');
}

/** Rules for the starting positions of a reader. */
export const iteratorLaws: readonly Law[] = [
  {
    title: 'starts at the oldest record with TRIM_HORIZON',
    source: api('GetShardIterator'),
    hold: async (subject) => {
      expect(await textsFrom(subject, () => ({ ShardIteratorType: 'TRIM_HORIZON' }))).toBe('012');
    },
  },
  {
    title: 'starts after the newest record with LATEST',
    source: api('GetShardIterator'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject);
      await stream.put('0');
      const iterator = await stream.iterator({ ShardIteratorType: 'LATEST' });
      await stream.put('1');
      expect((await stream.get(iterator)).Records?.map(textOf)).toEqual(['1']);
    },
  },
  {
    title: 'starts at the record with AT_SEQUENCE_NUMBER',
    source: api('GetShardIterator'),
    hold: async (subject) => {
      const texts = await textsFrom(subject, (numbers) => ({
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        StartingSequenceNumber: numbers[1],
      }));
      expect(texts).toBe('12');
    },
  },
  {
    title: 'starts after the record with AFTER_SEQUENCE_NUMBER',
    source: api('GetShardIterator'),
    hold: async (subject) => {
      const texts = await textsFrom(subject, (numbers) => ({
        ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
        StartingSequenceNumber: numbers[1],
      }));
      expect(texts).toBe('2');
    },
  },
  {
    title: 'gives what comes later after the last sequence number',
    source: api('GetShardIterator'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject);
      const [StartingSequenceNumber] = await stream.put('0');
      const iterator = await stream.iterator({
        ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
        StartingSequenceNumber,
      });
      await stream.put('1');
      expect((await stream.get(iterator)).Records?.map(textOf)).toEqual(['1']);
    },
  },
  {
    title: 'starts at the starting sequence number of a shard without records',
    source: api('GetShardIterator'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject);
      const [shard] = await stream.shards();
      const iterator = await stream.iterator({
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        StartingSequenceNumber: shard?.SequenceNumberRange?.StartingSequenceNumber,
      });
      await stream.put('0');
      expect((await stream.get(iterator)).Records?.map(textOf)).toEqual(['0']);
    },
  },
  {
    title: 'starts at the first record that arrived at a time or later',
    source: api('GetShardIterator'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject);
      await stream.put('0');
      await sleep(5);
      const [, second] = [await stream.put('1'), await stream.readAll()];
      const iterator = await stream.iterator({
        ShardIteratorType: 'AT_TIMESTAMP',
        Timestamp: second.at(-1)?.ApproximateArrivalTimestamp,
      });
      expect((await stream.get(iterator)).Records?.map(textOf)).toEqual(['1']);
    },
  },
  {
    title: 'starts at the oldest record for a time before it',
    source: api('GetShardIterator'),
    hold: async (subject) => {
      const position = { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(1000) } as const;
      expect(await textsFrom(subject, () => position)).toBe('012');
    },
  },
  {
    title: 'refuses AT_TIMESTAMP without a time',
    source: api('GetShardIterator'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject);
      await expect(stream.iterator({ ShardIteratorType: 'AT_TIMESTAMP' })).rejects.toMatchObject({
        name: 'InvalidArgumentException',
      });
    },
  },
  {
    title: 'refuses the sequence number of another shard',
    source: api('GetShardIterator'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject, 2);
      const [first, second] = await stream.shards();
      await expect(
        stream.iterator(
          {
            ShardIteratorType: 'AT_SEQUENCE_NUMBER',
            StartingSequenceNumber: second?.SequenceNumberRange?.StartingSequenceNumber,
          },
          first?.ShardId,
        ),
      ).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    },
  },
  {
    title: 'refuses an iterator for a shard that does not exist',
    source: api('GetShardIterator'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject);
      await expect(
        stream.iterator({ ShardIteratorType: 'LATEST' }, 'shardId-000000000099'),
      ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    },
  },
  {
    title: 'refuses what is no iterator',
    source: api('GetRecords'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject);
      await expect(stream.get('bogus')).rejects.toMatchObject({
        name: 'InvalidArgumentException',
      });
    },
  },
];
