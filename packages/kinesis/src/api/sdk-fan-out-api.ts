import {
  DeregisterStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListStreamConsumersCommand,
  RegisterStreamConsumerCommand,
  SubscribeToShardCommand,
  type Consumer,
  type KinesisClientConfig,
  type ListStreamConsumersCommandOutput,
  type SubscribeToShardEventStream,
} from '@aws-sdk/client-kinesis';
import { NodeHttp2Handler, NodeHttpHandler } from '@smithy/node-http-handler';
import assert from 'node:assert/strict';
import type { FanOutApi, StreamConsumer, SubscriptionEvent } from './fan-out-api.ts';
import { call, kinesisErrorOf } from './sdk-call.ts';
import { childOf, positionOf, recordOf } from './sdk-shapes.ts';

const connectionTimeoutMs = 3_000;
/** A session with a subscription is never idle for this long, and must not end earlier. */
const sessionTimeoutMs = 360_000;

/** How subscriptions find the service. */
interface SdkFanOutOptions {
  readonly where: KinesisClientConfig;
  readonly over: 'http/1.1' | 'http/2';
}

/**
 * Enhanced fan-out through the AWS SDK. Subscriptions have their own client: they are responses
 * without a timeout that last for minutes, so each has its own connection.
 */
export function createSdkFanOutApi(
  client: KinesisClient,
  options: SdkFanOutOptions,
): FanOutApi & Disposable {
  let subscriber: KinesisClient | undefined;
  const streamArnOf = async (stream: string, signal: AbortSignal | undefined) => {
    const reply = await call('DescribeStreamSummary', signal, (sent) =>
      client.send(new DescribeStreamSummaryCommand({ StreamName: stream }), sent),
    );
    return reply.StreamDescriptionSummary?.StreamARN;
  };

  return {
    async listConsumers(stream, signal) {
      const StreamARN = await streamArnOf(stream, signal);
      const consumers: StreamConsumer[] = [];
      let NextToken: string | undefined;
      do {
        const request = { StreamARN, NextToken };
        const reply: ListStreamConsumersCommandOutput = await call(
          'ListStreamConsumers',
          signal,
          (sent) => client.send(new ListStreamConsumersCommand(request), sent),
        );
        consumers.push(...(reply.Consumers ?? []).map(consumerOf));
        NextToken = reply.NextToken;
      } while (NextToken !== undefined);
      return consumers;
    },

    async registerConsumer(stream, consumerName, signal) {
      const StreamARN = await streamArnOf(stream, signal);
      const command = new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: consumerName });
      const reply = await call('RegisterStreamConsumer', signal, (sent) =>
        client.send(command, sent),
      );
      assert(reply.Consumer, 'RegisterStreamConsumer answers with a consumer');
      return consumerOf(reply.Consumer);
    },

    async deregisterConsumer(consumerArn, signal) {
      const command = new DeregisterStreamConsumerCommand({ ConsumerARN: consumerArn });
      await call('DeregisterStreamConsumer', signal, (sent) => client.send(command, sent));
    },

    async subscribe({ consumerArn, shardId, position }, signal) {
      const { type, sequenceNumber, timestamp } = positionOf(position);
      const command = new SubscribeToShardCommand({
        ConsumerARN: consumerArn,
        ShardId: shardId,
        StartingPosition: { Type: type, SequenceNumber: sequenceNumber, Timestamp: timestamp },
      });
      const own = (subscriber ??= createSubscriber(options));
      const reply = await call('SubscribeToShard', signal, (sent) => own.send(command, sent));
      assert(reply.EventStream, 'SubscribeToShard answers with a stream of events');
      return eventsOf(reply.EventStream, signal);
    },

    [Symbol.dispose]() {
      subscriber?.destroy();
    },
  };
}

function createSubscriber({ where, over }: SdkFanOutOptions): KinesisClient {
  const http1 = { connectionTimeout: connectionTimeoutMs, httpAgent: { maxSockets: Infinity } };
  const requestHandler =
    over === 'http/2'
      ? new NodeHttp2Handler({ sessionTimeout: sessionTimeoutMs })
      : new NodeHttpHandler(http1);
  return new KinesisClient({ ...where, requestHandler });
}

async function* eventsOf(
  stream: AsyncIterable<SubscribeToShardEventStream>,
  signal: AbortSignal,
): AsyncGenerator<SubscriptionEvent, void, undefined> {
  try {
    for await (const { SubscribeToShardEvent: event } of stream) {
      if (!event) continue;
      yield {
        records: (event.Records ?? []).map(recordOf),
        continuation: event.ContinuationSequenceNumber,
        behindLatestMs: event.MillisBehindLatest ?? 0,
        childShards: (event.ChildShards ?? []).map(childOf),
      };
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw kinesisErrorOf('SubscribeToShard', cause);
  }
}

function consumerOf({ ConsumerName, ConsumerARN, ConsumerStatus }: Consumer): StreamConsumer {
  return {
    consumerName: ConsumerName ?? '',
    consumerArn: ConsumerARN ?? '',
    status: ConsumerStatus ?? 'CREATING',
  };
}
