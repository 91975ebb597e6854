import { PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { compareSequence } from '@highwater/model';
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { api, outOfBounds, type Law } from './law.ts';
import { expectBetween, hashKeyMax, StreamFixture, textOf, until } from './stream-fixture.ts';

const entry = (key: string, data = key) => ({ PartitionKey: key, Data: Buffer.from(data) });

/** Rules for putting and getting records. */
export const recordLaws: readonly Law[] = [
  {
    title: 'gives a record back as it was put, with its key and its arrival time',
    source: api('Record'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject);
      const data = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
      const beforeMs = Date.now();
      await subject.client.send(
        new PutRecordCommand({ StreamName: stream.name, PartitionKey: 'clé ☃', Data: data }),
      );
      const [record] = await stream.readAll();
      expect(Buffer.from(record?.Data ?? []).equals(data)).toBe(true);
      expect(record?.PartitionKey).toBe('clé ☃');
      const arrivalMs = record?.ApproximateArrivalTimestamp?.getTime() ?? 0;
      expectBetween(arrivalMs, beforeMs, Date.now());
    },
  },
  {
    title: 'answers PutRecords for each entry, in their order',
    source: api('PutRecords'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject, 4);
      const keys = Array.from({ length: 40 }, (_, i) => `key-${i}`);
      const reply = await subject.client.send(
        new PutRecordsCommand({ StreamName: stream.name, Records: keys.map((key) => entry(key)) }),
      );
      expect(reply.FailedRecordCount).toBe(0);
      const placeOf = new Map<string, string>();
      for (const { ShardId = '' } of await stream.shards()) {
        for (const record of await stream.readAll(ShardId)) {
          placeOf.set(textOf(record), `${ShardId} ${record.SequenceNumber}`);
        }
      }
      const answered = reply.Records?.map((put) => `${put.ShardId} ${put.SequenceNumber}`);
      expect(keys.map((key) => placeOf.get(key))).toEqual(answered);
    },
  },
  {
    title: 'puts a record into the shard that owns the MD5 of its key',
    source: 'https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html#partition-key',
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject, 4);
      const shards = await stream.shards();
      const keys = ['a', 'b', 'c', 'ü', 'a long key with spaces'];
      const { Records = [] } = await subject.client.send(
        new PutRecordsCommand({ StreamName: stream.name, Records: keys.map((key) => entry(key)) }),
      );
      for (const [i, key] of keys.entries()) {
        const hash = BigInt(`0x${createHash('md5').update(key).digest('hex')}`);
        const owner = shards.find(
          ({ HashKeyRange: range }) =>
            BigInt(range?.StartingHashKey ?? 0) <= hash &&
            hash <= BigInt(range?.EndingHashKey ?? 0),
        );
        expect(Records[i]?.ShardId).toBe(owner?.ShardId);
      }
    },
  },
  {
    title: 'puts a record where its explicit hash key says',
    source: api('PutRecord'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject, 2);
      const [first, last] = await stream.shards();
      const put = (ExplicitHashKey: string) =>
        subject.client.send(
          new PutRecordCommand({ StreamName: stream.name, ...entry('same'), ExplicitHashKey }),
        );
      expect((await put('0')).ShardId).toBe(first?.ShardId);
      expect((await put(hashKeyMax.toString())).ShardId).toBe(last?.ShardId);
      await expect(put((hashKeyMax + 1n).toString())).rejects.toMatchObject({
        name: 'InvalidArgumentException',
      });
    },
  },
  {
    title: 'gives sequence numbers that rise within a shard',
    source: api('PutRecord'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject);
      const numbers = await stream.put(...Array.from({ length: 20 }, (_, i) => `${i}`));
      expect(numbers).toEqual(numbers.toSorted(compareSequence));
      expect(new Set(numbers).size).toBe(20);
      for (const number of numbers) expect(number).toMatch(/^(0|[1-9]\d{0,128})$/);
    },
  },
  {
    title: 'refuses more than 500 records in a call',
    source: api('PutRecords'),
    hold: async (subject) => {
      const { name: StreamName } = await StreamFixture.create(subject);
      const Records = Array.from({ length: 501 }, () => entry('a'));
      await expect(
        subject.client.send(new PutRecordsCommand({ StreamName, Records })),
      ).rejects.toMatchObject({ name: outOfBounds });
    },
  },
  {
    title: 'refuses a call without records',
    source: api('PutRecords'),
    hold: async (subject) => {
      const { name: StreamName } = await StreamFixture.create(subject);
      await expect(
        subject.client.send(new PutRecordsCommand({ StreamName, Records: [] })),
      ).rejects.toMatchObject({ name: outOfBounds });
    },
  },
  {
    title: 'refuses a record above 1 MiB on a stream of default size',
    source: 'https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html',
    hold: async (subject) => {
      const { name: StreamName } = await StreamFixture.create(subject);
      const Data = Buffer.alloc(2 ** 20 + 1);
      await expect(
        subject.client.send(new PutRecordCommand({ StreamName, PartitionKey: 'a', Data })),
      ).rejects.toMatchObject({ name: outOfBounds });
    },
  },
  {
    title: 'takes a call of 9 MiB',
    source: api('PutRecords'),
    hold: async (subject) => {
      const { name: StreamName } = await StreamFixture.create(subject);
      const Records = Array.from({ length: 9 }, () => ({
        PartitionKey: 'a',
        Data: Buffer.alloc(2 ** 20 - 1),
      }));
      const reply = await subject.client.send(new PutRecordsCommand({ StreamName, Records }));
      expect(reply.FailedRecordCount).toBe(0);
    },
  },
  {
    title: 'refuses a call above 10 MiB',
    source: api('PutRecords'),
    hold: async (subject) => {
      const { name: StreamName } = await StreamFixture.create(subject);
      const Records = Array.from({ length: 11 }, () => ({
        PartitionKey: 'a',
        Data: Buffer.alloc(2 ** 20 - 1),
      }));
      await expect(
        subject.client.send(new PutRecordsCommand({ StreamName, Records })),
      ).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    },
  },
  {
    title: 'refuses a partition key above 256 characters',
    source: api('PutRecord'),
    hold: async (subject) => {
      const { name: StreamName } = await StreamFixture.create(subject);
      const put = (PartitionKey: string) =>
        subject.client.send(
          new PutRecordCommand({ StreamName, PartitionKey, Data: Buffer.from('x') }),
        );
      await expect(put('☃'.repeat(256))).resolves.toBeDefined();
      await expect(put('a'.repeat(257))).rejects.toMatchObject({ name: outOfBounds });
    },
  },
  {
    title: 'gives at most as many records as asked for, and goes on after them',
    source: api('GetRecords'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject);
      await stream.put('0', '1', '2', '3', '4');
      const first = await stream.get(
        await stream.iterator({ ShardIteratorType: 'TRIM_HORIZON' }),
        2,
      );
      expect(first.Records?.map(textOf)).toEqual(['0', '1']);
      const rest = await stream.get(first.NextShardIterator ?? '');
      expect(rest.Records?.map(textOf)).toEqual(['2', '3', '4']);
    },
  },
  {
    title: 'refuses to give more than 10,000 records at once',
    source: api('GetRecords'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject);
      const iterator = await stream.iterator({ ShardIteratorType: 'LATEST' });
      // "If you specify a value that is greater than 10,000, GetRecords throws
      // InvalidArgumentException."
      await expect(stream.get(iterator, 10_001)).rejects.toMatchObject({
        name: 'InvalidArgumentException',
      });
    },
  },
  {
    title: 'says how far behind the tip a reader is',
    source: api('GetRecords'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject);
      await stream.put('0', '1');
      const iterator = await stream.iterator({ ShardIteratorType: 'TRIM_HORIZON' });
      const { MillisBehindLatest = 0 } = await until(
        () => stream.get(iterator, 1),
        (reply) => (reply.MillisBehindLatest ?? 0) >= 100 || reply.MillisBehindLatest === 0,
      );
      // "How far behind current time the consumer is": it grows as time passes.
      expect(MillisBehindLatest).toBeGreaterThanOrEqual(100);
    },
  },
  {
    title: 'says 0 at the tip',
    source: api('GetRecords'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject);
      await stream.put('0');
      const reply = await stream.get(await stream.iterator({ ShardIteratorType: 'TRIM_HORIZON' }));
      expect(reply.MillisBehindLatest).toBe(0);
    },
  },
];
