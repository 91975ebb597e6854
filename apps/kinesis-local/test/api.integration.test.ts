import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  ListStreamsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttp2Handler, NodeHttpHandler } from '@smithy/node-http-handler';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:http2';
import { Agent } from 'node:https';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { startKinesisLocal } from '../src/index.ts';
import { clientOf } from './client.ts';

const handlers = [
  { version: 'HTTP/1.1', handler: () => new NodeHttpHandler() },
  { version: 'HTTP/2', handler: () => new NodeHttp2Handler() },
];

describe.each(handlers)('the API over $version', ({ handler }) => {
  it('creates a stream, puts records, and returns them', async () => {
    await using server = await startKinesisLocal({ port: 0 });
    const kinesis = clientOf(server.url, handler());
    await kinesis.send(new CreateStreamCommand({ StreamName: 'points', ShardCount: 2 }));
    const { StreamDescriptionSummary: summary } = await kinesis.send(
      new DescribeStreamSummaryCommand({ StreamName: 'points' }),
    );
    expect(summary).toMatchObject({ StreamStatus: 'ACTIVE', OpenShardCount: 2 });
    const StreamARN = summary?.StreamARN;
    expect(StreamARN).toBe('arn:aws:kinesis:us-east-1:000000000000:stream/points');
    const put = await kinesis.send(
      new PutRecordsCommand({
        StreamARN,
        Records: ['a', 'b', 'c'].map((key) => ({
          PartitionKey: key,
          Data: Buffer.from(`data of ${key}`),
        })),
      }),
    );
    expect(put.FailedRecordCount).toBe(0);
    await kinesis.send(
      new PutRecordCommand({ StreamARN, PartitionKey: 'd', Data: Buffer.from('data of d') }),
    );
    const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamARN }));
    const seen = [];
    for (const { ShardId } of Shards) {
      const { ShardIterator } = await kinesis.send(
        new GetShardIteratorCommand({ StreamARN, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
      );
      const reply = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
      expect(reply.MillisBehindLatest).toBe(0);
      seen.push(...(reply.Records ?? []));
    }
    const texts = seen.map(({ Data = [] }) => Buffer.from(Data).toString());
    expect(texts.toSorted()).toEqual(['data of a', 'data of b', 'data of c', 'data of d']);
    expect(seen.every(({ ApproximateArrivalTimestamp: at }) => at instanceof Date)).toBe(true);
    kinesis.destroy();
  });

  it('ends a split shard with its children', async () => {
    await using server = await startKinesisLocal({ port: 0 });
    const kinesis = clientOf(server.url, handler());
    const StreamName = 'points';
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    const ShardId = 'shardId-000000000000';
    const { ShardIterator } = await kinesis.send(
      new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'LATEST' }),
    );
    await kinesis.send(
      new SplitShardCommand({ StreamName, ShardToSplit: ShardId, NewStartingHashKey: '1000' }),
    );
    const reply = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    expect(reply.NextShardIterator).toBeUndefined();
    expect(reply.ChildShards?.map((child) => child.ShardId)).toEqual([
      'shardId-000000000001',
      'shardId-000000000002',
    ]);
    kinesis.destroy();
  });

  it('answers with the exceptions of the service', async () => {
    await using server = await startKinesisLocal({ port: 0 });
    const kinesis = clientOf(server.url, handler());
    await expect(
      kinesis.send(new DescribeStreamSummaryCommand({ StreamName: 'nowhere' })),
    ).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Stream nowhere under account 000000000000 not found.',
      $metadata: { httpStatusCode: 400 },
    });
    await expect(
      kinesis.send(new PutRecordsCommand({ StreamName: 'no spaces', Records: [] })),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('2 validation errors detected') as string,
    });
    kinesis.destroy();
  });
});

const require = createRequire(import.meta.url);

/** A certificate that another package uses in its own tests. */
function readPem(name: string): Promise<string> {
  return readFile(require.resolve(`kinesalite/ssl/${name}.pem`), 'utf8');
}

async function startSecure() {
  const tls = { cert: await readPem('server-crt'), key: await readPem('server-key') };
  const server = await startKinesisLocal({ port: 0, tls });
  // The certificate has another name and has expired.
  return { server, trust: { rejectUnauthorized: false } };
}

describe('the API over TLS', () => {
  it('is available next to plain HTTP, on the same port', async () => {
    const { server, trust } = await startSecure();
    await using _running = server;
    const httpsAgent = new Agent(trust);
    const secure = clientOf(server.url, new NodeHttpHandler({ httpsAgent }));
    await secure.send(new CreateStreamCommand({ StreamName: 'points', ShardCount: 1 }));
    const plain = clientOf(server.url.replace('https', 'http'));
    expect((await plain.send(new ListStreamsCommand({}))).StreamNames).toEqual(['points']);
    secure.destroy();
    plain.destroy();
  });

  it('is available over HTTP/2', async () => {
    const { server, trust } = await startSecure();
    await using _running = server;
    const session = connect(server.url, trust);
    const request = session.request({
      ':method': 'POST',
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Kinesis_20131202.ListStreams',
    });
    request.end('{}');
    expect(JSON.parse(await text(request))).toMatchObject({ StreamNames: [] });
    session.close();
  });
});
