import type { PutResult, ShardPosition } from '@highwater/kinesis';
import type { Clock, OutgoingRecord, SequenceNumber } from '@highwater/model';
import { hashKeyToHex, hashPartitionKey, parseHashKey } from './hash-key.ts';
import { decodeIterator, encodeIterator } from './iterator-token.ts';
import type { MemoryShard } from './memory-shard.ts';
import { MemoryStream, type StreamMode } from './memory-stream.ts';
import type { LoggedRecord } from './record-log.ts';
import { resolvePosition } from './resolve-position.ts';
import { ServiceException } from './service-exception.ts';

export interface KinesisAccountOptions {
  /** Shown in ARNs and messages. @default '000000000000' */
  readonly accountId?: string | undefined;
  /** Shown in ARNs. @default 'us-east-1' */
  readonly region?: string | undefined;
  /** How long creating, deleting and each generation of a reshard take. @default 0 */
  readonly transitionMs?: number | undefined;
}

/** What a read gives, in the stream's own terms. */
export interface ShardRead {
  readonly shard: MemoryShard;
  readonly records: readonly LoggedRecord[];
  readonly nextIterator: string | null;
  readonly behindLatestMs: number;
  readonly children: readonly MemoryShard[];
}

/** An iterator is good for this long after it was given out. */
const iteratorLifeMs = 300_000;
const replyBytesMax = 10 * 1024 * 1024;
const replyRecordsMax = 10_000;
/** What a stream in on-demand mode starts with. */
const onDemandShards = 4;

/** The streams of one account, and what can be asked of them. */
export class KinesisAccount {
  readonly accountId: string;
  readonly region: string;
  readonly #clock: Clock;
  readonly #transitionMs: number;
  readonly #streams = new Map<string, MemoryStream>();

  constructor(clock: Clock, options: KinesisAccountOptions = {}) {
    this.#clock = clock;
    this.accountId = options.accountId ?? '000000000000';
    this.region = options.region ?? 'us-east-1';
    this.#transitionMs = options.transitionMs ?? 0;
  }

  /** Starts creating a stream; one in on-demand mode begins with four shards. */
  createStream(request: {
    readonly streamName: string;
    readonly shardsCount?: number | undefined;
    readonly mode?: StreamMode | undefined;
  }): void {
    const { streamName, mode = 'PROVISIONED' } = request;
    this.#settle(streamName);
    if (this.#streams.has(streamName)) {
      throw new ServiceException(
        'ResourceInUseException',
        `Stream ${streamName} under account ${this.accountId} already exists.`,
      );
    }
    const stream = new MemoryStream({
      streamName,
      arn: `${this.#arnStart}${streamName}`,
      mode,
      shardsCount: mode === 'ON_DEMAND' ? onDemandShards : (request.shardsCount ?? 1),
      nowMs: this.#clock.nowMs(),
      transitionMs: this.#transitionMs,
    });
    this.#streams.set(streamName, stream);
  }

  deleteStream(streamName: string): void {
    this.stream(streamName).delete(this.#clock.nowMs(), () => {
      this.#streams.delete(streamName);
    });
  }

  /** All streams, by name. */
  streams(): readonly MemoryStream[] {
    const names = [...this.#streams.keys()].toSorted();
    return names.flatMap((name) => this.#settle(name) ?? []);
  }

  /** @throws {ServiceException} ResourceNotFoundException when it is not the ARN of a stream here */
  streamByArn(arn: string): MemoryStream {
    if (arn.startsWith(this.#arnStart)) return this.stream(arn.slice(this.#arnStart.length));
    throw new ServiceException(
      'ResourceNotFoundException',
      `Stream ${arn} not found: this is account ${this.accountId} in ${this.region}.`,
    );
  }

  /** @throws {ServiceException} ResourceNotFoundException when there is none of this name */
  stream(streamName: string): MemoryStream {
    const stream = this.#settle(streamName);
    if (stream === undefined) {
      throw new ServiceException(
        'ResourceNotFoundException',
        `Stream ${streamName} under account ${this.accountId} not found.`,
      );
    }
    return stream;
  }

  get #arnStart(): string {
    return `arn:aws:kinesis:${this.region}:${this.accountId}:stream/`;
  }

  async putRecord(
    streamName: string,
    record: OutgoingRecord,
  ): Promise<{ readonly shardId: string; readonly sequenceNumber: SequenceNumber }> {
    const [result] = await this.putRecords(streamName, [record]);
    if (result?.ok) return result;
    const { errorCode = 'InternalFailure', errorMessage = '' } = result ?? {};
    throw new ServiceException(errorCode, errorMessage);
  }

  async putRecords(
    streamName: string,
    records: readonly OutgoingRecord[],
  ): Promise<readonly PutResult[]> {
    const stream = this.stream(streamName);
    if (stream.status !== 'ACTIVE' && stream.status !== 'UPDATING') {
      throw new ServiceException(
        'ResourceNotFoundException',
        `Stream ${streamName} under account ${this.accountId} not found.`,
      );
    }
    const arrivalMs = this.#clock.nowMs();
    return records
      .map((record) => ({ record, hashKey: hashOf(record) }))
      .map(({ record: { partitionKey, data }, hashKey }) => {
        const shard = stream.route(hashKey);
        const sequenceNumber = shard.append({ arrivalMs, partitionKey, data });
        return { ok: true, shardId: shard.shardId, sequenceNumber };
      });
  }

  async getIterator(request: {
    readonly stream: string;
    readonly shardId: string;
    readonly position: ShardPosition;
  }): Promise<string> {
    const stream = this.stream(request.stream);
    const shard = this.#shard(stream, request.shardId);
    const nowMs = this.#clock.nowMs();
    return encodeIterator({
      streamName: stream.streamName,
      streamCreatedMs: stream.createdMs,
      shardId: shard.shardId,
      index: resolvePosition(stream, shard, request.position, nowMs),
      issuedMs: nowMs,
    });
  }

  async getRecords(request: {
    readonly iterator: string;
    readonly limit: number;
  }): Promise<ShardRead> {
    const position = decodeIterator(request.iterator);
    if (position === undefined) {
      throw new ServiceException('InvalidArgumentException', 'Invalid ShardIterator.');
    }
    const nowMs = this.#clock.nowMs();
    if (nowMs - position.issuedMs > iteratorLifeMs) {
      throw new ServiceException(
        'ExpiredIteratorException',
        `Iterator expired. The iterator was created at time ${new Date(position.issuedMs).toISOString()} while right now it is ${new Date(nowMs).toISOString()} which is further in the future than the tolerated delay of ${iteratorLifeMs} milliseconds.`,
      );
    }
    const stream = this.stream(position.streamName);
    if (stream.createdMs !== position.streamCreatedMs) {
      throw new ServiceException('InvalidArgumentException', 'Invalid ShardIterator.');
    }
    const shard = this.#shard(stream, position.shardId);
    const { records, nextIndex } = shard.log.read(position.index, {
      recordsMax: Math.min(request.limit, replyRecordsMax),
      bytesMax: replyBytesMax,
    });
    const nextArrivalMs = shard.log.arrivalMs(nextIndex);
    const isEnd = shard.closedMs !== undefined && nextArrivalMs === undefined;
    return {
      shard,
      records,
      nextIterator: isEnd
        ? null
        : encodeIterator({ ...position, index: nextIndex, issuedMs: nowMs }),
      // 0 is kept for the tip: a record of this very millisecond that is left counts as 1.
      behindLatestMs: nextArrivalMs === undefined ? 0 : Math.max(1, nowMs - nextArrivalMs),
      children: isEnd ? stream.childrenOf(shard.shardId) : [],
    };
  }

  splitShard(streamName: string, shardId: string, newStartingHashKey: string): void {
    const stream = this.#activeStream(streamName);
    const { range } = this.#openShard(stream, shardId);
    const at = parseHashKey(newStartingHashKey);
    if (at === undefined || at <= range.start + 1n || at >= range.end) {
      throw new ServiceException(
        'InvalidArgumentException',
        `NewStartingHashKey ${newStartingHashKey} used in SplitShard() on shard ${shardId} in stream ${streamName} under account ${this.accountId} is not both greater than one plus the shard's StartingHashKey ${range.start} and less than the shard's EndingHashKey ${range.end}.`,
      );
    }
    stream.reshard({ type: 'split', range, at }, this.#clock.nowMs());
  }

  mergeShards(streamName: string, shardId: string, adjacentShardId: string): void {
    const stream = this.#activeStream(streamName);
    const left = this.#openShard(stream, shardId).range;
    const right = this.#openShard(stream, adjacentShardId).range;
    const nowMs = this.#clock.nowMs();
    if (left.end + 1n === right.start) stream.reshard({ type: 'merge', left, right }, nowMs);
    else if (right.end + 1n === left.start) {
      stream.reshard({ type: 'merge', left: right, right: left }, nowMs);
    } else {
      throw new ServiceException(
        'InvalidArgumentException',
        `Shards ${shardId} and ${adjacentShardId} in stream ${streamName} under account ${this.accountId} are not an adjacent pair of shards eligible for merging`,
      );
    }
  }

  updateShardCount(streamName: string, shardsCount: number): void {
    const stream = this.#activeStream(streamName);
    const current = stream.openShards.length;
    if (shardsCount > current * 2 || shardsCount < current / 2) {
      throw new ServiceException(
        'InvalidArgumentException',
        `UpdateShardCount cannot go from ${current} to ${shardsCount} open shards in one call: at most double, at least half.`,
      );
    }
    stream.scale(shardsCount, this.#clock.nowMs());
  }

  #settle(streamName: string): MemoryStream | undefined {
    this.#streams.get(streamName)?.settle(this.#clock.nowMs());
    // Settling may have finished a deletion.
    return this.#streams.get(streamName);
  }

  #activeStream(streamName: string): MemoryStream {
    const stream = this.stream(streamName);
    if (stream.status !== 'ACTIVE') {
      throw new ServiceException(
        'ResourceInUseException',
        `Stream ${streamName} under account ${this.accountId} not ACTIVE, instead in state ${stream.status}`,
      );
    }
    return stream;
  }

  #shard(stream: MemoryStream, shardId: string): MemoryShard {
    const shard = stream.find(shardId);
    if (shard === undefined) {
      throw new ServiceException(
        'ResourceNotFoundException',
        `Shard ${shardId} in stream ${stream.streamName} under account ${this.accountId} does not exist`,
      );
    }
    return shard;
  }

  #openShard(stream: MemoryStream, shardId: string): MemoryShard {
    const shard = this.#shard(stream, shardId);
    if (shard.closedMs !== undefined) {
      throw new ServiceException(
        'InvalidArgumentException',
        `Shard ${shardId} in stream ${stream.streamName} under account ${this.accountId} has already been merged or split, and thus is not eligible for merging or splitting.`,
      );
    }
    return shard;
  }
}

function hashOf(record: OutgoingRecord): string {
  if (record.explicitHashKey === undefined) return hashPartitionKey(record.partitionKey);
  const hashKey = parseHashKey(record.explicitHashKey);
  if (hashKey === undefined) {
    throw new ServiceException(
      'InvalidArgumentException',
      `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${record.explicitHashKey}`,
    );
  }
  return hashKeyToHex(hashKey);
}
