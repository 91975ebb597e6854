import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttp2Handler, NodeHttpHandler } from '@smithy/node-http-handler';
import { describe, expect, it } from 'vitest';
import { startKinesisLocal, type KinesisLocal } from '../src/index.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

function client(server: KinesisLocal, requestHandler: NodeHttpHandler | NodeHttp2Handler) {
  const { url: endpoint } = server;
  return new KinesisClient({
    endpoint,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
    requestHandler,
  });
}

const handlers = [
  { version: 'HTTP/1.1', handler: () => new NodeHttpHandler() },
  { version: 'HTTP/2', handler: () => new NodeHttp2Handler() },
];

describe.each(handlers)('the API over $version', ({ handler }) => {
  it('creates a stream, puts records, and gives them back', async () => {
    await using server = await startKinesisLocal({ port: 0, transitionMs: 0 });
    const kinesis = client(server, handler());
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
    await using server = await startKinesisLocal({ port: 0, transitionMs: 0 });
    const kinesis = client(server, handler());
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
    await using server = await startKinesisLocal({ port: 0, transitionMs: 0 });
    const kinesis = client(server, handler());
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
