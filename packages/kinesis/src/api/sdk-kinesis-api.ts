import {
  KinesisClient,
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  PutRecordsCommand,
  type ListShardsCommandOutput,
  type Shard as SdkShard,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import assert from 'node:assert/strict';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { KinesisApi } from './kinesis-api.ts';
import type { Shard } from './shard.ts';
import { call } from './sdk-call.ts';
import { createSdkFanOutApi } from './sdk-fan-out-api.ts';
import { childOf, positionOf, recordOf } from './sdk-shapes.ts';

/** Where Kinesis is. */
export interface KinesisConnection {
  readonly region: string;
  /**
   * A server other than AWS's own. With `http:`, it is a local one that accepts any credentials.
   */
  readonly endpoint?: string | undefined;
  /** Sockets that stay open: at least the number of shards that one process reads. @default 64 */
  readonly socketsMax?: number | undefined;
  /**
   * The HTTP version of enhanced fan-out subscriptions.
   *
   * @default HTTP/1.1 for `http:`, which all local servers support; otherwise HTTP/2, as on AWS
   */
  readonly subscribeOver?: 'http/1.1' | 'http/2' | undefined;
}

const connectionTimeoutMs = 3_000;
const requestTimeoutMs = 10_000;

/**
 * Kinesis through the AWS SDK, over HTTP/1.1 with keep-alive (the SDK's own handler opens one
 * HTTP/2 session per request). The SDK's retries are off, because they would use up the shard's
 * five reads a second unseen.
 */
export function createSdkKinesisApi(connection: KinesisConnection): KinesisApi & Disposable {
  const { region, endpoint, socketsMax = 64 } = connection;
  const agent = { keepAlive: true, maxSockets: socketsMax };
  const where = {
    region,
    maxAttempts: 1,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(endpoint?.startsWith('http:') ? localCredentials() : {}),
  };
  const client = new KinesisClient({
    ...where,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
    }),
  });
  const over = connection.subscribeOver ?? (endpoint?.startsWith('http:') ? 'http/1.1' : 'http/2');
  const fanOut = createSdkFanOutApi(client, { where, over });

  return {
    ...fanOut,

    async describe(stream, signal) {
      const reply = await call('DescribeStreamSummary', signal, (options) =>
        client.send(new DescribeStreamSummaryCommand({ StreamName: stream }), options),
      );
      const summary = reply.StreamDescriptionSummary;
      assert(summary, 'DescribeStreamSummary answers with a description');
      return {
        arn: summary.StreamARN ?? '',
        status: summary.StreamStatus ?? 'UPDATING',
        creationTimeMs: summary.StreamCreationTimestamp?.getTime() ?? 0,
        retentionHours: summary.RetentionPeriodHours ?? 24,
        openShardsCount: summary.OpenShardCount ?? 0,
      };
    },

    async create(stream, shardsCount, signal) {
      await call('CreateStream', signal, (options) =>
        client.send(
          new CreateStreamCommand({ StreamName: stream, ShardCount: shardsCount }),
          options,
        ),
      );
    },

    async listShards(stream, signal) {
      const shards: Shard[] = [];
      let token: string | undefined;
      do {
        const request = token === undefined ? { StreamName: stream } : { NextToken: token };
        const reply: ListShardsCommandOutput = await call('ListShards', signal, (options) =>
          client.send(new ListShardsCommand(request), options),
        );
        shards.push(...(reply.Shards ?? []).map(toShard));
        token = reply.NextToken;
      } while (token !== undefined);
      return shards;
    },

    async getIterator({ stream, shardId, position }, signal) {
      const { type, sequenceNumber, timestamp } = positionOf(position);
      const reply = await call('GetShardIterator', signal, (options) =>
        client.send(
          new GetShardIteratorCommand({
            StreamName: stream,
            ShardId: shardId,
            ShardIteratorType: type,
            StartingSequenceNumber: sequenceNumber,
            Timestamp: timestamp,
          }),
          options,
        ),
      );
      assert(reply.ShardIterator, 'GetShardIterator answers with an iterator');
      return reply.ShardIterator;
    },

    async getRecords({ iterator, limit }, signal) {
      const reply = await call('GetRecords', signal, (options) =>
        client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: limit }), options),
      );
      return {
        records: (reply.Records ?? []).map(recordOf),
        nextIterator: reply.NextShardIterator ?? null,
        behindLatestMs: reply.MillisBehindLatest ?? 0,
        childShards: (reply.ChildShards ?? []).map(childOf),
      };
    },

    async putRecords(stream, records, signal) {
      const reply = await call('PutRecords', signal, (options) =>
        client.send(
          new PutRecordsCommand({
            StreamName: stream,
            Records: records.map((record) => ({
              PartitionKey: record.partitionKey,
              ExplicitHashKey: record.explicitHashKey,
              Data: record.data,
            })),
          }),
          options,
        ),
      );
      return (reply.Records ?? []).map((entry) =>
        entry.ErrorCode === undefined
          ? { ok: true, shardId: entry.ShardId ?? '', sequenceNumber: entry.SequenceNumber ?? '' }
          : { ok: false, errorCode: entry.ErrorCode, errorMessage: entry.ErrorMessage ?? '' },
      );
    },

    [Symbol.dispose]() {
      fanOut[Symbol.dispose]();
      client.destroy();
    },
  };
}

/** Never send real credentials without TLS. */
function localCredentials() {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return { credentials: async () => credentials };
}

function toShard(shard: SdkShard): Shard {
  return {
    shardId: shard.ShardId ?? '',
    parentShardIds: [shard.ParentShardId, shard.AdjacentParentShardId].filter(
      (parent) => parent !== undefined,
    ),
    startingHashKey: shard.HashKeyRange?.StartingHashKey ?? '0',
    endingHashKey: shard.HashKeyRange?.EndingHashKey ?? '0',
    startingSequenceNumber: shard.SequenceNumberRange?.StartingSequenceNumber ?? '0',
    endingSequenceNumber: shard.SequenceNumberRange?.EndingSequenceNumber,
  };
}
