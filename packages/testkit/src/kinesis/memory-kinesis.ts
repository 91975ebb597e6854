import {
  KinesisError,
  type ChildShard,
  type GetRecordsReply,
  type KinesisApi,
  type PutResult,
  type Shard,
  type StreamConsumer,
  type StreamSummary,
  type SubscriptionEvent,
} from '@highwater/kinesis';
import type { Clock, OutgoingRecord, ShardPosition, StreamRecord } from '@highwater/model';
import {
  consumerStatus,
  KinesisAccount,
  ServiceException,
  type ConsumerState,
  type KinesisAccountOptions,
  type LoggedRecord,
  type MemoryShard,
  type SubscriptionEvent as StreamEvent,
} from '@highwater/kinesis-engine';

/**
 * Kinesis in memory, on any clock, behind the interface that the producer and the consumer use.
 *
 * It has no limits and no faults; `withFaults` adds faults. Calls that the interface lacks (splits,
 * merges, scaling) are on `account`.
 */
export class MemoryKinesis implements KinesisApi {
  readonly account: KinesisAccount;

  constructor(clock: Clock, options: KinesisAccountOptions = {}) {
    this.account = new KinesisAccount(clock, options);
  }

  describe(stream: string, signal?: AbortSignal): Promise<StreamSummary> {
    return answer('DescribeStreamSummary', signal, () => {
      const found = this.account.stream(stream);
      return {
        arn: found.arn,
        status: found.status,
        creationTimeMs: found.createdMs,
        retentionHours: found.settings.retentionHours,
        openShardsCount: found.openShards.length,
      };
    });
  }

  create(stream: string, shardsCount: number, signal?: AbortSignal): Promise<void> {
    return answer('CreateStream', signal, () =>
      this.account.createStream({ streamName: stream, shardsCount }),
    );
  }

  listShards(stream: string, signal?: AbortSignal): Promise<readonly Shard[]> {
    return answer('ListShards', signal, () =>
      this.account.stream(stream).shards.map(describeShard),
    );
  }

  getIterator(
    request: {
      readonly stream: string;
      readonly shardId: string;
      readonly position: ShardPosition;
    },
    signal?: AbortSignal,
  ): Promise<string> {
    return answer('GetShardIterator', signal, () => this.account.getIterator(request));
  }

  getRecords(
    request: { readonly iterator: string; readonly limit: number },
    signal?: AbortSignal,
  ): Promise<GetRecordsReply> {
    return answer('GetRecords', signal, async () => {
      const { shard, records, nextIterator, behindLatestMs, children } =
        await this.account.getRecords(request);
      return {
        records: describeRecords(shard, records),
        nextIterator,
        behindLatestMs,
        childShards: children.map(describeChild),
      };
    });
  }

  putRecords(
    stream: string,
    records: readonly OutgoingRecord[],
    signal?: AbortSignal,
  ): Promise<readonly PutResult[]> {
    return answer('PutRecords', signal, () => this.account.putRecords(stream, records));
  }

  listConsumers(stream: string, signal?: AbortSignal): Promise<readonly StreamConsumer[]> {
    return answer('ListStreamConsumers', signal, () =>
      [...this.account.stream(stream).consumers.values()].map((each) => this.#consumer(each)),
    );
  }

  registerConsumer(
    stream: string,
    consumerName: string,
    signal?: AbortSignal,
  ): Promise<StreamConsumer> {
    return answer('RegisterStreamConsumer', signal, async () => {
      const consumer = { consumerName, tags: new Map() };
      return this.#consumer(
        await this.account.registerConsumer(this.account.stream(stream), consumer),
      );
    });
  }

  deregisterConsumer(consumerArn: string, signal?: AbortSignal): Promise<void> {
    return answer('DeregisterStreamConsumer', signal, () => {
      const { stream, consumer } = this.account.consumerByArn(consumerArn);
      return this.account.deregisterConsumer(stream, consumer);
    });
  }

  subscribe(
    request: {
      readonly consumerArn: string;
      readonly shardId: string;
      readonly position: ShardPosition;
    },
    signal: AbortSignal,
  ): Promise<AsyncIterable<SubscriptionEvent>> {
    return answer('SubscribeToShard', signal, async () =>
      describeEvents(await this.account.subscribe(request, signal)),
    );
  }

  #consumer(consumer: ConsumerState): StreamConsumer {
    const { consumerName, consumerArn } = consumer;
    const status = consumerStatus(consumer, this.account.clock.nowMs());
    return { consumerName, consumerArn, status };
  }
}

/** The service's answer in the client's terms. Always asynchronous. */
async function answer<T>(
  operation: string,
  signal: AbortSignal | undefined,
  call: () => T | Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  await Promise.resolve();
  signal?.throwIfAborted();
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ServiceException)) throw error;
    throw new KinesisError(operation, error.exception, error.message, { cause: error });
  }
}

async function* describeEvents(
  events: AsyncIterable<StreamEvent>,
): AsyncGenerator<SubscriptionEvent, void, undefined> {
  for await (const { shard, records, continuation, behindLatestMs, children } of events) {
    yield {
      records: describeRecords(shard, records),
      continuation,
      behindLatestMs,
      childShards: children.map(describeChild),
    };
  }
}

function describeRecords(shard: MemoryShard, records: readonly LoggedRecord[]): StreamRecord[] {
  return records.map(({ index, arrivalMs, partitionKey, data }) => ({
    sequenceNumber: shard.minter.of(index, arrivalMs),
    partitionKey,
    data,
    arrivalTimeMs: arrivalMs,
  }));
}

function describeShard(shard: MemoryShard): Shard {
  return {
    ...describeChild(shard),
    startingSequenceNumber: shard.minter.starting,
    endingSequenceNumber: shard.endingSequenceNumber,
  };
}

function describeChild(shard: MemoryShard): ChildShard {
  return {
    shardId: shard.shardId,
    parentShardIds: shard.parentShardIds,
    startingHashKey: shard.range.start.toString(),
    endingHashKey: shard.range.end.toString(),
  };
}
