import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { Decoder, Encoder } from 'cbor-x';
import { expect } from 'vitest';
import { api, type Law, type Subject } from './law.ts';
import { expectBetween, StreamFixture } from './stream-fixture.ts';

/** One call as the SDK for Java makes it. */
async function callCbor(subject: Subject, operation: string, request: object) {
  const type = 'application/x-amz-cbor-1.1';
  const reply = await fetch(subject.url, {
    method: 'POST',
    headers: {
      'content-type': type,
      'x-amz-target': `Kinesis_20131202.${operation}`,
      'x-amz-date': '20260101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=00',
    },
    body: new Uint8Array(new Encoder({ useRecords: false }).encode(request)),
  });
  expect(reply.headers.get('content-type')).toBe(type);
  const body = Buffer.from(await reply.arrayBuffer());
  // The tag of a timestamp counts milliseconds here, and seconds for the decoder.
  return {
    status: reply.status,
    body: new Decoder({ mapsAsObjects: true }).decode(body) as Record<string, unknown>,
  };
}

/** What holds for the ways to speak with a server. */
export const protocolLaws: readonly Law[] = [
  {
    title: "speaks with the SDK's default handler, which wants HTTP/2",
    source:
      'https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/node-configuring-http2.html',
    hold: async ({ url }) => {
      const client = new KinesisClient({
        endpoint: url,
        region: 'us-east-1',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
        maxAttempts: 1,
      });
      try {
        for (let i = 0; i < 40; i += 1) {
          await expect(client.send(new ListStreamsCommand({}))).resolves.toHaveProperty(
            'StreamNames',
          );
        }
      } finally {
        client.destroy();
      }
    },
  },
  {
    title: 'speaks CBOR, as the SDK for Java does',
    source:
      'https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/http-configuration.html',
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject);
      const data = Buffer.from([0, 1, 254, 255]);
      const beforeMs = Date.now();
      const put = await callCbor(subject, 'PutRecord', {
        StreamName: stream.name,
        PartitionKey: 'a',
        Data: data,
      });
      expect(put).toMatchObject({ status: 200, body: { ShardId: await stream.shardId() } });
      const ShardIterator = await stream.iterator({ ShardIteratorType: 'TRIM_HORIZON' });
      const { body } = await callCbor(subject, 'GetRecords', { ShardIterator });
      const [record] = body['Records'] as [{ Data: Uint8Array; ApproximateArrivalTimestamp: Date }];
      expect(Buffer.from(record.Data).equals(data)).toBe(true);
      const arrivalMs = record.ApproximateArrivalTimestamp.getTime() / 1000;
      expectBetween(arrivalMs, beforeMs, Date.now());
    },
  },
  {
    title: 'names the exception of a CBOR call in CBOR',
    source: api('GetRecords'),
    hold: async (subject) => {
      expect(await callCbor(subject, 'GetRecords', { ShardIterator: 'bogus' })).toMatchObject({
        status: 400,
        body: { __type: 'InvalidArgumentException' },
      });
    },
  },
];
