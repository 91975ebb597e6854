import { consumerArn, sequenceNumber, shardId } from '../request/common-members.ts';
import { flag, oneOf, required, structure, time } from '../request/member.ts';
import { describeChild } from './describe-shard.ts';
import { describeRecord } from './describe-record.ts';
import { checkDryRun } from './dry-run.ts';
import { EventStream } from './event-stream.ts';
import { operation, type OperationContext, type Operations } from './operation.ts';
import { positionTypes, shardPosition } from './shard-position.ts';
import type { SubscriptionEvent } from '@highwater/testkit/stream';

const subscribeToShard = operation(
  structure({
    ConsumerARN: required(consumerArn),
    ShardId: required(shardId),
    StartingPosition: required(
      structure({
        Type: required(oneOf(...positionTypes)),
        SequenceNumber: sequenceNumber,
        Timestamp: time,
      }),
    ),
    DryRun: flag,
  }),
  async (request, context) => {
    const { Type: type, SequenceNumber, Timestamp } = request.StartingPosition;
    const position = shardPosition({
      type,
      sequenceNumber: SequenceNumber,
      timestampMs: Timestamp,
    });
    const { stream } = context.account.consumerByArn(request.ConsumerARN);
    checkDryRun(request);
    const events = await context.account.subscribe(
      { consumerArn: request.ConsumerARN, shardId: request.ShardId, position },
      context.clientGone(),
    );
    return new EventStream(describeEvents(events, stream.settings.encryptionKeyId, context));
  },
);

async function* describeEvents(
  events: AsyncIterable<SubscriptionEvent>,
  encryptionKeyId: string | undefined,
  { wire }: OperationContext,
): AsyncGenerator<{ readonly type: string; readonly value: object }> {
  for await (const event of events) {
    const { shard, children } = event;
    const value = {
      Records: event.records.map((record) => describeRecord(record, shard, encryptionKeyId, wire)),
      ContinuationSequenceNumber: event.continuation,
      MillisBehindLatest: event.behindLatestMs,
      ChildShards: children.length > 0 ? children.map(describeChild) : undefined,
    };
    yield { type: 'SubscribeToShardEvent', value };
  }
}

export const subscribeOperations: Operations = { SubscribeToShard: subscribeToShard };
