import {
  DeregisterStreamConsumerCommand,
  DescribeStreamConsumerCommand,
  ListStreamConsumersCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
  SubscribeToShardCommand,
  type StartingPosition,
  type SubscribeToShardEvent,
} from '@aws-sdk/client-kinesis';
import { expect } from 'vitest';
import { api, type Law, type Subject } from './law.ts';
import { hashKeyMax, StreamFixture, textOf, until } from './stream-fixture.ts';

/** A stream with one shard and one registered consumer. */
async function consumed(subject: Subject) {
  const stream = await StreamFixture.create(subject);
  const { client } = subject;
  const { Consumer } = await client.send(
    new RegisterStreamConsumerCommand({ StreamARN: stream.arn, ConsumerName: 'reader' }),
  );
  const ConsumerARN = Consumer?.ConsumerARN ?? '';
  await until(
    () => client.send(new DescribeStreamConsumerCommand({ ConsumerARN })),
    ({ ConsumerDescription }) => ConsumerDescription?.ConsumerStatus === 'ACTIVE',
  );
  return { stream, consumerArn: ConsumerARN, shardId: await stream.shardId() };
}

/** Takes events until one is as wanted, then leaves. */
async function takeEvents(
  subject: Subject,
  request: { consumerArn: string; shardId: string; position: StartingPosition },
  isLast: (event: SubscribeToShardEvent, all: readonly SubscribeToShardEvent[]) => boolean,
): Promise<readonly SubscribeToShardEvent[]> {
  const leave = new AbortController();
  const timeout = AbortSignal.timeout(60_000);
  const { EventStream = [] } = await subject.client.send(
    new SubscribeToShardCommand({
      ConsumerARN: request.consumerArn,
      ShardId: request.shardId,
      StartingPosition: request.position,
    }),
    { abortSignal: AbortSignal.any([leave.signal, timeout]) },
  );
  const events: SubscribeToShardEvent[] = [];
  try {
    for await (const { SubscribeToShardEvent: event } of EventStream) {
      if (event === undefined) continue;
      events.push(event);
      if (isLast(event, events)) break;
    }
  } finally {
    // Leaving the loop does not end the subscription; aborting does.
    leave.abort();
  }
  return events;
}

const textsOf = (events: readonly SubscribeToShardEvent[]) =>
  events.flatMap(({ Records = [] }) => Records.map(textOf));

/** Rules for readers with their own throughput. */
export const fanOutLaws: readonly Law[] = [
  {
    title: 'registers a consumer that becomes ACTIVE',
    source: api('RegisterStreamConsumer'),
    hold: async (subject) => {
      const { stream, consumerArn } = await consumed(subject);
      expect(consumerArn).toMatch(new RegExp(`^${stream.arn}/consumer/reader:\\d+$`));
      const { Consumers } = await subject.client.send(
        new ListStreamConsumersCommand({ StreamARN: stream.arn }),
      );
      expect(Consumers).toMatchObject([{ ConsumerName: 'reader', ConsumerStatus: 'ACTIVE' }]);
    },
  },
  {
    title: 'refuses a second consumer of the same name',
    source: api('RegisterStreamConsumer'),
    hold: async (subject) => {
      const { stream } = await consumed(subject);
      await expect(
        subject.client.send(
          new RegisterStreamConsumerCommand({ StreamARN: stream.arn, ConsumerName: 'reader' }),
        ),
      ).rejects.toMatchObject({ name: 'ResourceInUseException' });
    },
  },
  {
    title: 'forgets a consumer that is deregistered',
    source: api('DeregisterStreamConsumer'),
    hold: async (subject) => {
      const { consumerArn: ConsumerARN } = await consumed(subject);
      await subject.client.send(new DeregisterStreamConsumerCommand({ ConsumerARN }));
      const answer = await until(
        () =>
          subject.client.send(new DescribeStreamConsumerCommand({ ConsumerARN })).then(
            ({ ConsumerDescription }) => String(ConsumerDescription?.ConsumerStatus),
            (error: Error) => error.name,
          ),
        (status) => status !== 'DELETING',
      );
      expect(answer).toBe('ResourceNotFoundException');
    },
  },
  {
    title: 'pushes the records that are there and those that come',
    source: api('SubscribeToShard'),
    hold: async (subject) => {
      const { stream, consumerArn, shardId } = await consumed(subject);
      await stream.put('0', '1');
      let hasPut = false;
      const events = await takeEvents(
        subject,
        { consumerArn, shardId, position: { Type: 'TRIM_HORIZON' } },
        (_event, all) => {
          if (!hasPut) void stream.put('2');
          hasPut = true;
          return textsOf(all).length >= 3;
        },
      );
      expect(textsOf(events)).toEqual(['0', '1', '2']);
    },
  },
  {
    title: 'sends events with a continuation while nothing is put',
    source: api('SubscribeToShardEvent'),
    hold: async (subject) => {
      const { consumerArn, shardId } = await consumed(subject);
      const [event] = await takeEvents(
        subject,
        { consumerArn, shardId, position: { Type: 'LATEST' } },
        () => true,
      );
      expect(event).toMatchObject({ Records: [], MillisBehindLatest: 0 });
      expect(event?.ContinuationSequenceNumber).toMatch(/^[1-9]\d+$/);
    },
  },
  {
    title: 'resumes after a continuation without a gap or a repeat',
    source: api('SubscribeToShardEvent'),
    hold: async (subject) => {
      const { stream, consumerArn, shardId } = await consumed(subject);
      await stream.put('0', '1');
      const first = await takeEvents(
        subject,
        { consumerArn, shardId, position: { Type: 'TRIM_HORIZON' } },
        (_event, all) => textsOf(all).length >= 2,
      );
      await stream.put('2');
      const SequenceNumber = first.at(-1)?.ContinuationSequenceNumber;
      const position = { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber } as const;
      const rest = await until(
        () =>
          takeEvents(subject, { consumerArn, shardId, position }, (_event, all) => {
            return textsOf(all).length > 0;
          }).catch((error: Error) => error.name),
        // "Within 5 seconds of a successful call, you'll get a ResourceInUseException."
        (answer) => answer !== 'ResourceInUseException',
      );
      expect(rest).not.toBeTypeOf('string');
      expect(textsOf(rest as SubscribeToShardEvent[])).toEqual(['2']);
    },
  },
  {
    title: 'refuses a second subscription within five seconds',
    source: api('SubscribeToShard'),
    hold: async (subject) => {
      const { consumerArn, shardId } = await consumed(subject);
      const request = { consumerArn, shardId, position: { Type: 'LATEST' } } as const;
      await takeEvents(subject, request, () => true);
      await expect(takeEvents(subject, request, () => true)).rejects.toMatchObject({
        name: 'ResourceInUseException',
      });
    },
  },
  {
    title: 'ends a subscription at the end of a closed shard, with its children',
    source: api('SubscribeToShardEvent'),
    hold: async (subject) => {
      const { stream, consumerArn, shardId } = await consumed(subject);
      await stream.put('0');
      await subject.client.send(
        new SplitShardCommand({
          StreamName: stream.name,
          ShardToSplit: shardId,
          NewStartingHashKey: `${hashKeyMax / 2n}`,
        }),
      );
      await stream.active();
      const events = await takeEvents(
        subject,
        { consumerArn, shardId, position: { Type: 'TRIM_HORIZON' } },
        () => false,
      );
      expect(textsOf(events)).toEqual(['0']);
      const last = events.at(-1);
      expect(last?.ChildShards?.map(({ ParentShards }) => ParentShards)).toEqual([
        [shardId],
        [shardId],
      ]);
      expect(last?.ContinuationSequenceNumber).toBeUndefined();
    },
  },
];
