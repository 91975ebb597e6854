import type { Clock, OutgoingRecord, ShardPosition } from '@highwater/model';
import {
  consumerStatus,
  deregisterConsumer,
  registerConsumer,
  settleConsumers,
} from './consumers.ts';
import { decodeIterator, encodeIterator } from './iterator-token.ts';
import { keepWithin } from './keep-within.ts';
import type { AccountStorage } from './log-storage.ts';
import { MemoryBudget } from './memory-budget.ts';
import { MemoryStream, type StreamHost } from './memory-stream.ts';
import { putRecords, type PutResult } from './put-records.ts';
import { readShard, type ShardRead } from './read-shard.ts';
import { findShard, mergeShards, splitShard, updateShardCount } from './reshard.ts';
import { resolvePosition } from './resolve-position.ts';
import { ServiceException } from './service-exception.ts';
import { decodeState, encodeState } from './state-codec.ts';
import { StateSaver } from './state-saver.ts';
import type { ConsumerState, StreamSettings } from './stream-state.ts';
import { subscriptionEvents, type SubscriptionEvent, type SubscriptionTimes } from './subscribe.ts';
import { Subscriptions } from './subscriptions.ts';

/** Behavior of an account. */
export interface KinesisAccountOptions {
  /** Twelve digits, shown in ARNs and messages. @default '000000000000' */
  readonly accountId?: string | undefined;
  /** Shown in ARNs. @default 'us-east-1' */
  readonly region?: string | undefined;
  /** How long creating, deleting, and each generation of a reshard take. @default 0 */
  readonly transitionMs?: number | undefined;
  /** Memory for the records of all streams. @default 1 GiB */
  readonly memoryBytesMax?: number | undefined;
  /** Whether new streams enforce the service's limits. @default false */
  readonly enforcesLimits?: boolean | undefined;
  readonly subscriptionTimes?: Partial<SubscriptionTimes> | undefined;
  /** Where streams and records are stored. @default in memory only */
  readonly storage?: AccountStorage | undefined;
}

/** One reply of GetRecords. */
export interface AccountRead extends ShardRead {
  /** `null` when the end of the shard is reached. */
  readonly nextIterator: string | null;
}

/** How long an iterator is valid after it was issued. */
const iteratorLifeMs = 300_000;
const replyBytesMax = 10 * 1024 * 1024;
/** Number of shards of a new on-demand stream. */
const onDemandShards = 4;

/** The streams of one account in one region, and the operations on them. */
export class KinesisAccount {
  readonly accountId: string;
  readonly region: string;
  readonly clock: Clock;
  readonly budget: MemoryBudget;
  readonly subscriptions: Subscriptions;
  readonly #host: StreamHost;
  readonly #saver: StateSaver | undefined;
  readonly #times: SubscriptionTimes;
  readonly #streams = new Map<string, MemoryStream>();
  readonly #arnStart: string;
  /** Whether new streams enforce the service's limits. */
  enforcesLimits: boolean;
  #iteratorsFromMs = -Infinity;

  constructor(clock: Clock, options: KinesisAccountOptions = {}) {
    this.clock = clock;
    this.accountId = options.accountId ?? '000000000000';
    this.region = options.region ?? 'us-east-1';
    this.#arnStart = `arn:aws:kinesis:${this.region}:${this.accountId}:stream/`;
    this.enforcesLimits = options.enforcesLimits ?? false;
    this.budget = new MemoryBudget(options.memoryBytesMax ?? 2 ** 30);
    const times = { lifeMs: 300_000, takeOverMs: 5000, heartbeatMs: 5000 };
    this.#times = { ...times, ...options.subscriptionTimes };
    this.subscriptions = new Subscriptions(clock, this.#times);
    const { storage } = options;
    if (storage !== undefined) {
      this.#saver = new StateSaver(storage, () =>
        encodeState(this.streams().map(({ state }) => state)),
      );
    }
    this.#host = {
      transitionMs: options.transitionMs ?? 0,
      logOptions: (streamCreatedMs, streamName, shardId) => ({
        budget: this.budget,
        ...storage?.openLog({ streamName, streamCreatedMs, shardId }),
      }),
    };
    const restored = storage?.restoredState;
    for (const state of restored === undefined ? [] : decodeState(restored)) {
      this.#streams.set(state.streamName, new MemoryStream(state, this.#host));
    }
  }

  /** Starts creating a stream. An on-demand stream starts with four shards. */
  async createStream(request: {
    readonly streamName: string;
    readonly shardsCount?: number | undefined;
    readonly settings?: Partial<StreamSettings> | undefined;
  }): Promise<void> {
    const { streamName, settings } = request;
    if (this.#settle(streamName) !== undefined) {
      throw new ServiceException(
        'ResourceInUseException',
        `Stream ${streamName} under account ${this.accountId} already exists.`,
      );
    }
    const isOnDemand = settings?.mode === 'ON_DEMAND';
    const stream = MemoryStream.create(
      {
        streamName,
        arn: `${this.#arnStart}${streamName}`,
        shardsCount: request.shardsCount ?? (isOnDemand ? onDemandShards : 1),
        settings: { ...defaultSettings, enforcesLimits: this.enforcesLimits, ...settings },
        nowMs: this.clock.nowMs(),
      },
      this.#host,
    );
    this.#streams.set(streamName, stream);
    try {
      await this.save();
    } catch (error) {
      // If saving fails, the caller may create the stream again.
      stream.discard();
      throw error;
    }
  }

  async deleteStream(streamName: string): Promise<void> {
    this.stream(streamName).delete(this.clock.nowMs());
    this.#settle(streamName);
    await this.save();
  }

  /** All streams, by name. */
  streams(): readonly MemoryStream[] {
    const names = [...this.#streams.keys()].toSorted();
    return names.flatMap((name) => this.#settle(name) ?? []);
  }

  /**
   * Drops the oldest records of all streams until the stored records take at most this many bytes.
   *
   * @returns bytes dropped before the end of their retention
   */
  keepWithin(bytesMax: number): number {
    const logs = this.streams().flatMap(({ shards }) => shards.map(({ log }) => log));
    return keepWithin(logs, bytesMax);
  }

  /** Bytes of the stored records, in memory or in files. */
  get keptBytes(): number {
    const logs = this.streams().flatMap(({ shards }) => shards.map(({ log }) => log));
    return logs.reduce((sum, log) => sum + log.keptBytes, 0);
  }

  /** @throws {ServiceException} ResourceNotFoundException when no stream has this name */
  stream(streamName: string): MemoryStream {
    return this.#settle(streamName) ?? this.#noStream(streamName);
  }

  /**
   * @throws {ServiceException} ResourceNotFoundException when it is not the ARN of a stream here
   */
  streamByArn(arn: string): MemoryStream {
    if (arn.startsWith(this.#arnStart)) return this.stream(arn.slice(this.#arnStart.length));
    throw new ServiceException(
      'ResourceNotFoundException',
      `Stream ${arn} not found: this is account ${this.accountId} in ${this.region}.`,
    );
  }

  /** @throws {ServiceException} ResourceInUseException unless the stream is ACTIVE */
  activeStream(streamName: string): MemoryStream {
    const stream = this.stream(streamName);
    if (stream.status === 'ACTIVE') return stream;
    throw new ServiceException(
      'ResourceInUseException',
      `Stream ${streamName} under account ${this.accountId} not ACTIVE, instead in state ${stream.status}`,
    );
  }

  /** Makes all changes of the streams durable. */
  async save(): Promise<void> {
    await this.#saver?.save();
  }

  async putRecords(
    streamName: string,
    records: readonly OutgoingRecord[],
  ): Promise<readonly PutResult[]> {
    const stream = this.stream(streamName);
    if (stream.status === 'CREATING') this.#noStream(streamName);
    // The stream and its shards must be durable before their records can count as durable.
    if (this.#saver !== undefined) await this.#saver.settled();
    const results = await putRecords(stream, records, {
      accountId: this.accountId,
      nowMs: this.clock.nowMs(),
      memoryBytesMax: this.budget.bytesMax,
    });
    if (this.#saver !== undefined) await this.#saver.settled();
    if (stream.isGone) this.#noStream(streamName);
    return results;
  }

  async getIterator(request: {
    readonly stream: string;
    readonly shardId: string;
    readonly position: ShardPosition;
  }): Promise<string> {
    const stream = this.stream(request.stream);
    const shard = findShard(stream, request.shardId);
    const nowMs = this.clock.nowMs();
    return encodeIterator({
      streamName: stream.streamName,
      streamCreatedMs: stream.createdMs,
      shardId: shard.shardId,
      index: await resolvePosition(stream, shard, request.position, nowMs),
      issuedMs: nowMs,
    });
  }

  async getRecords(request: {
    readonly iterator: string;
    readonly limit: number;
  }): Promise<AccountRead> {
    const position = decodeIterator(request.iterator) ?? invalidIterator();
    const nowMs = this.clock.nowMs();
    const { issuedMs } = position;
    if (nowMs - issuedMs > iteratorLifeMs || issuedMs < this.#iteratorsFromMs) {
      throw new ServiceException(
        'ExpiredIteratorException',
        `Iterator expired. The iterator was created at time ${new Date(issuedMs).toISOString()} while right now it is ${new Date(nowMs).toISOString()} which is further in the future than the tolerated delay of ${iteratorLifeMs} milliseconds.`,
      );
    }
    const stream = this.stream(position.streamName);
    if (stream.createdMs !== position.streamCreatedMs) invalidIterator();
    const shard = findShard(stream, position.shardId);
    if (shard.limits?.takeRead(nowMs) === false) {
      throw new ServiceException(
        'ProvisionedThroughputExceededException',
        `Rate exceeded for shard ${shard.shardId} in stream ${stream.streamName} under account ${this.accountId}.`,
      );
    }
    const read = await readShard(stream, shard, {
      index: position.index,
      recordsMax: request.limit,
      bytesMax: replyBytesMax,
      nowMs,
    });
    shard.limits?.giveBytes(
      read.records.reduce(
        (sum, { data, partitionKey }) => sum + data.length + partitionKey.length,
        0,
      ),
      nowMs,
    );
    const next = { ...position, index: read.nextIndex, issuedMs: nowMs };
    return { ...read, nextIterator: read.isEnd ? null : encodeIterator(next) };
  }

  /** Makes every issued iterator expire, as if five minutes had passed. */
  expireIterators(): void {
    this.#iteratorsFromMs = this.clock.nowMs() + 1;
  }

  async splitShard(streamName: string, shardId: string, newStartingHashKey: string): Promise<void> {
    const stream = this.activeStream(streamName);
    splitShard(stream, { shardId, newStartingHashKey }, this.clock.nowMs());
    await this.save();
  }

  async mergeShards(streamName: string, shardId: string, adjacentShardId: string): Promise<void> {
    const stream = this.activeStream(streamName);
    mergeShards(stream, [shardId, adjacentShardId], this.clock.nowMs());
    await this.save();
  }

  async updateShardCount(streamName: string, shardsCount: number): Promise<void> {
    updateShardCount(this.activeStream(streamName), shardsCount, this.clock.nowMs());
    await this.save();
  }

  async registerConsumer(
    stream: MemoryStream,
    consumer: { readonly consumerName: string; readonly tags: ReadonlyMap<string, string> },
  ): Promise<ConsumerState> {
    const registered = registerConsumer(stream, consumer, this.#now());
    await this.save();
    return registered;
  }

  async deregisterConsumer(stream: MemoryStream, consumer: ConsumerState): Promise<void> {
    deregisterConsumer(stream, consumer, this.#now());
    await this.save();
  }

  /** The consumer with this ARN, and its stream. */
  consumerByArn(arn: string): { readonly stream: MemoryStream; readonly consumer: ConsumerState } {
    const [streamArn = '', consumerPart = ''] = arn.split('/consumer/');
    const stream = this.streamByArn(streamArn);
    const consumer = stream.consumers.get(consumerPart.split(':', 1)[0] ?? '');
    // A consumer of the same name that was registered later has another ARN.
    if (consumer?.consumerArn === arn) return { stream, consumer };
    throw new ServiceException(
      'ResourceNotFoundException',
      `Consumer ${arn} under account ${this.accountId} not found.`,
    );
  }

  /**
   * Subscribes a registered consumer to a shard. Produces events as fast as they are consumed. The
   * subscription lasts until `signal` aborts or there are no more events.
   */
  async subscribe(
    request: {
      readonly consumerArn: string;
      readonly shardId: string;
      readonly position: ShardPosition;
    },
    signal: AbortSignal,
  ): Promise<AsyncGenerator<SubscriptionEvent, void, undefined>> {
    const { stream, consumer } = this.consumerByArn(request.consumerArn);
    const shard = findShard(stream, request.shardId);
    const nowMs = this.clock.nowMs();
    if (consumerStatus(consumer, nowMs) !== 'ACTIVE') {
      throw new ServiceException(
        'ResourceInUseException',
        `Consumer ${request.consumerArn} is not ACTIVE.`,
      );
    }
    const startIndex = await resolvePosition(stream, shard, request.position, nowMs);
    const holder = this.subscriptions.acquire(request.consumerArn, shard);
    const either = AbortSignal.any([signal, holder.signal]);
    either.addEventListener('abort', holder.release, { once: true });
    const { clock } = this;
    return subscriptionEvents({
      clock,
      stream,
      shard,
      startIndex,
      times: this.#times,
      signal: either,
    });
  }

  #now(): { readonly nowMs: number; readonly transitionMs: number } {
    return { nowMs: this.clock.nowMs(), transitionMs: this.#host.transitionMs };
  }

  #settle(streamName: string): MemoryStream | undefined {
    const stream = this.#streams.get(streamName);
    if (stream === undefined) return undefined;
    const nowMs = this.clock.nowMs();
    stream.settle(nowMs);
    settleConsumers(stream, nowMs);
    if (!stream.isGone) return stream;
    this.#streams.delete(streamName);
    return undefined;
  }

  #noStream(streamName: string): never {
    throw new ServiceException(
      'ResourceNotFoundException',
      `Stream ${streamName} under account ${this.accountId} not found.`,
    );
  }
}

const defaultSettings: Readonly<StreamSettings> = {
  mode: 'PROVISIONED',
  retentionHours: 24,
  recordBytesMax: 2 ** 20,
  distribution: 'USER_PARTITION_KEY',
  encryptionKeyId: undefined,
  tags: new Map(),
  shardLevelMetrics: [],
  warmThroughputMiBps: undefined,
  enforcesLimits: false,
};

function invalidIterator(): never {
  throw new ServiceException('InvalidArgumentException', 'Invalid ShardIterator.');
}
