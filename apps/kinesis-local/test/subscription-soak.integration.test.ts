import {
  CreateStreamCommand,
  RegisterStreamConsumerCommand,
  SubscribeToShardCommand,
  type KinesisClient,
  type StartingPosition,
} from '@aws-sdk/client-kinesis';
import { NodeHttp2Handler, NodeHttpHandler } from '@smithy/node-http-handler';
import { SeededRandom } from '@highwater/testkit';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { startKinesisLocal } from '../src/index.ts';
import { clientOf } from './client.ts';

const StreamName = 'points';
const ShardId = 'shardId-000000000000';

/** Reads one subscription to its end, however it ends. */
async function takeSubscription(
  client: KinesisClient,
  request: { readonly consumerArn: string; readonly position: StartingPosition },
  onEvent: (texts: readonly string[], continuation: string) => void,
): Promise<'ended' | 'broken'> {
  try {
    const { EventStream = [] } = await client.send(
      new SubscribeToShardCommand({
        ConsumerARN: request.consumerArn,
        ShardId,
        StartingPosition: request.position,
      }),
    );
    for await (const { SubscribeToShardEvent: event } of EventStream) {
      const texts = (event?.Records ?? []).map(({ Data = [] }) => Buffer.from(Data).toString());
      onEvent(texts, event?.ContinuationSequenceNumber ?? '');
    }
    return 'ended';
  } catch {
    return 'broken';
  }
}

async function brokenCount(registry: Registry): Promise<number> {
  const metric = await registry.getSingleMetric('kinesis_local_requests_total')?.get();
  const broken = metric?.values.find(
    ({ labels }) => labels['operation'] === 'SubscribeToShard' && labels['outcome'] === 'cut',
  );
  return broken?.value ?? 0;
}

describe('subscriptions through sockets', () => {
  // Goal: a reader that resumes from its last continuation sees every record once. Method: 50
  // subscriptions that the server ends, then 200 that break at some event, while records are put
  // continuously.
  it.each([
    { version: 'HTTP/1.1', handler: () => new NodeHttpHandler() },
    { version: 'HTTP/2', handler: () => new NodeHttp2Handler() },
  ])(
    'lose and repeat nothing over 50 renewals and 200 broken connections ($version)',
    async ({ handler }) => {
      const registry = new Registry();
      const subscriptionTimes = { lifeMs: 40, takeOverMs: 0, heartbeatMs: 5 };
      await using server = await startKinesisLocal({
        port: 0,
        subscriptionTimes,
        registry,
      });
      const { account, faults } = server;
      const client = clientOf(server.url, handler());
      await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
      const { Consumer } = await client.send(
        new RegisterStreamConsumerCommand({
          StreamARN: account.stream(StreamName).arn,
          ConsumerName: 'reader',
        }),
      );
      const consumerArn = Consumer?.ConsumerARN ?? '';

      const random = new SeededRandom('soak');
      let putCount = 0;
      const producing = new AbortController();
      const producer = (async () => {
        while (!producing.signal.aborted) {
          const records = Array.from({ length: random.int(1, 5) }, (_, i) => ({
            partitionKey: 'key',
            data: Buffer.from(`${putCount + i}`),
          }));
          putCount += records.length;
          await account.putRecords(StreamName, records);
          await new Promise((resolve) => setTimeout(resolve, random.int(0, 4)));
        }
      })();

      const seen: string[] = [];
      let position: StartingPosition = { Type: 'TRIM_HORIZON' };
      const takeOne = () =>
        takeSubscription(client, { consumerArn, position }, (texts, SequenceNumber) => {
          seen.push(...texts);
          position = { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber };
        });
      for (let renewals = 0; renewals < 50; renewals += 1) expect(await takeOne()).toBe('ended');

      faults.start({ seed: 'soak', operations: ['SubscribeToShard'], cutSubscription: 0.4 });
      // Over HTTP/2, the client cannot distinguish a broken subscription from one that ended, so
      // this asks the server.
      while ((await brokenCount(registry)) < 200) await takeOne();
      faults.stop();

      producing.abort();
      await producer;
      while (seen.length < putCount) await takeOne();
      expect(seen).toEqual(Array.from({ length: putCount }, (_, i) => `${i}`));
      await expect.poll(() => account.subscriptions.runningCount).toBe(0);
      client.destroy();
    },
  );
});
