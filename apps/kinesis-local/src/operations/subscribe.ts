import { disturbEvents } from '@highwater/kinesis-engine/faults';
import type { SubscriptionEvent } from '@highwater/kinesis-engine';
import { ConnectionCut } from '../faults/disturb.ts';
import { consumerArn, sequenceNumber, shardId } from '../request/common-members.ts';
import { flag, oneOf, required, structure, time } from '../request/member.ts';
import { describeChild } from './describe-shard.ts';
import { describeRecord } from './describe-record.ts';
import { checkDryRun } from './dry-run.ts';
import { EventStream } from './event-stream.ts';
import { operation, type OperationContext, type Operations } from './operation.ts';
import { positionTypes, shardPosition } from './shard-position.ts';

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
    const described = describeEvents(events, stream.settings.encryptionKeyId, context);
    const { plan } = context;
    if (plan === undefined) return new EventStream(described);
    const clientGone = context.clientGone();
    const cut = () => new ConnectionCut();
    return new EventStream(disturbEvents(described, { plan, clientGone, cut }));
  },
);

async function* describeEvents(
  events: AsyncIterable<SubscriptionEvent>,
  encryptionKeyId: string | undefined,
  { wire, metrics }: OperationContext,
): AsyncGenerator<{ readonly type: string; readonly value: object }> {
  for await (const event of events) {
    const { shard, children } = event;
    const value = {
      Records: event.records.map((record) => describeRecord(record, shard, encryptionKeyId, wire)),
      ContinuationSequenceNumber: event.continuation,
      MillisBehindLatest: event.behindLatestMs,
      ChildShards: children.length > 0 ? children.map(describeChild) : undefined,
    };
    metrics.recordsOut.inc({ way: 'subscription' }, event.records.length);
    yield { type: 'SubscribeToShardEvent', value };
  }
}

export const subscribeOperations: Operations = { SubscribeToShard: subscribeToShard };
