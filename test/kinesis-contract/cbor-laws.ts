import {
  DescribeStreamConsumerCommand,
  RegisterStreamConsumerCommand,
} from '@aws-sdk/client-kinesis';
import { expect } from 'vitest';
import { cborBlob, cborMap, cborText, cborTime, memberIn, textIn, timeIn } from './cbor-bytes.ts';
import { api, type Law, type Subject } from './law.ts';
import { expectBetween, StreamFixture, textOf, until } from './stream-fixture.ts';

const cborType = 'application/x-amz-cbor-1.1';

/** One call as the SDK for Java makes it. */
function post(
  subject: Subject,
  operation: string,
  request: Readonly<Record<string, Buffer>>,
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(subject.url, {
    method: 'POST',
    headers: {
      'content-type': cborType,
      'x-amz-target': `Kinesis_20131202.${operation}`,
      'x-amz-date': '20260101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=00',
    },
    body: new Uint8Array(cborMap(request)),
    ...(signal && { signal }),
  });
}

async function callCbor(...call: Parameters<typeof post>) {
  const reply = await post(...call);
  expect(reply.headers.get('content-type')).toBe(cborType);
  return { status: reply.status, body: Buffer.from(await reply.arrayBuffer()) };
}

/** Reads an event stream until it holds a text. */
async function readUntil(reply: Response, text: string): Promise<Buffer> {
  let read = Buffer.alloc(0);
  for await (const chunk of reply.body ?? []) {
    read = Buffer.concat([read, chunk]);
    if (read.includes(text)) return read;
  }
  throw new Error(`the events end without ${text}`);
}

const source =
  'https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/http-configuration.html';

/** Rules for CBOR, which the SDKs for Java use by default. */
export const cborLaws: readonly Law[] = [
  {
    title: 'speaks CBOR, as the SDK for Java does',
    source,
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject);
      const data = Buffer.from([0, 1, 254, 255]);
      const put = await callCbor(subject, 'PutRecord', {
        StreamName: cborText(stream.name),
        Data: cborBlob(data),
        PartitionKey: cborText('a'),
      });
      expect(put.status).toBe(200);
      expect(textIn(put.body, 'ShardId')).toBe(await stream.shardId());
      const iterator = await stream.iterator({ ShardIteratorType: 'TRIM_HORIZON' });
      const got = await callCbor(subject, 'GetRecords', { ShardIterator: cborText(iterator) });
      expect(memberIn(got.body, 'Data').subarray(0, 5)).toEqual(cborBlob(data));
      expect(textIn(got.body, 'PartitionKey')).toBe('a');
    },
  },
  {
    title: 'names the exception of a CBOR call in CBOR',
    source: api('GetRecords'),
    hold: async (subject) => {
      const { status, body } = await callCbor(subject, 'GetRecords', {
        ShardIterator: cborText('bogus'),
      });
      expect(status).toBe(400);
      expect(textIn(body, '__type')).toBe('InvalidArgumentException');
    },
  },
  {
    title: 'starts at a time that a CBOR call gives in milliseconds',
    source: api('GetShardIterator'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject);
      await stream.put('0');
      const [first] = await stream.readAll();
      const firstMs = first?.ApproximateArrivalTimestamp?.getTime() ?? 0;
      await until(
        async () => Date.now(),
        (nowMs) => nowMs > firstMs + 1,
      );
      await stream.put('1');
      const { status, body } = await callCbor(subject, 'GetShardIterator', {
        StreamName: cborText(stream.name),
        ShardId: cborText(await stream.shardId()),
        ShardIteratorType: cborText('AT_TIMESTAMP'),
        Timestamp: cborTime(firstMs + 1),
      });
      expect(status).toBe(200);
      const { Records } = await stream.get(textIn(body, 'ShardIterator'));
      expect(Records?.map(textOf)).toEqual(['1']);
    },
  },
  {
    title: 'lists shards by the times of a CBOR call',
    source: api('ListShards'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject);
      const { StreamCreationTimestamp: created } = await stream.summary();
      const createdMs = created?.getTime() ?? 0;
      const listAt = (timeMs: number) =>
        callCbor(subject, 'ListShards', {
          StreamName: cborText(stream.name),
          StreamCreationTimestamp: cborTime(timeMs),
          ShardFilter: cborMap({
            Type: cborText('AT_TIMESTAMP'),
            Timestamp: cborTime(createdMs + 1),
          }),
        });
      const listed = await listAt(createdMs);
      expect(textIn(listed.body, 'ShardId')).toBe(await stream.shardId());
      const other = await listAt(createdMs - 3_600_000);
      expect(textIn(other.body, '__type')).toBe('ResourceNotFoundException');
    },
  },
  {
    // As SDK for Java 2.30 and older need it: they parse the digits, and a float has none to parse.
    title: 'tells times in CBOR as whole milliseconds',
    source: api('DescribeStreamSummary'),
    hold: async (subject) => {
      const beforeMs = Date.now();
      const stream = await StreamFixture.create(subject);
      await stream.put('0');
      const afterMs = Date.now();
      const StreamName = cborText(stream.name);
      for (const operation of ['DescribeStream', 'DescribeStreamSummary']) {
        const { body } = await callCbor(subject, operation, { StreamName });
        expectBetween(timeIn(body, 'StreamCreationTimestamp'), beforeMs, afterMs);
      }
      const ShardIterator = cborText(await stream.iterator({ ShardIteratorType: 'TRIM_HORIZON' }));
      const { body } = await callCbor(subject, 'GetRecords', { ShardIterator });
      expectBetween(timeIn(body, 'ApproximateArrivalTimestamp'), beforeMs, afterMs);
    },
  },
  {
    title: 'tells times in CBOR events as whole milliseconds',
    source: api('SubscribeToShard'),
    hold: async (subject) => {
      const { client } = subject;
      const beforeMs = Date.now();
      const stream = await StreamFixture.create(subject);
      const { Consumer: { ConsumerARN = '' } = {} } = await client.send(
        new RegisterStreamConsumerCommand({ StreamARN: stream.arn, ConsumerName: 'reader' }),
      );
      await until(
        () => client.send(new DescribeStreamConsumerCommand({ ConsumerARN })),
        ({ ConsumerDescription }) => ConsumerDescription?.ConsumerStatus === 'ACTIVE',
      );
      await stream.put('0');
      const afterMs = Date.now();
      const leave = new AbortController();
      const signal = AbortSignal.any([leave.signal, AbortSignal.timeout(60_000)]);
      const subscription = await post(
        subject,
        'SubscribeToShard',
        {
          ConsumerARN: cborText(ConsumerARN),
          ShardId: cborText(await stream.shardId()),
          StartingPosition: cborMap({
            Type: cborText('AT_TIMESTAMP'),
            Timestamp: cborTime(beforeMs - 60_000),
          }),
        },
        signal,
      );
      try {
        const events = await readUntil(subscription, 'PartitionKey');
        expectBetween(timeIn(events, 'ApproximateArrivalTimestamp'), beforeMs, afterMs);
      } finally {
        leave.abort();
      }
    },
  },
];
