import {
  compareSequence,
  type Batch,
  type Clock,
  type Logger,
  type SequenceNumber,
  type StreamRecord,
} from '@highwater/model';
import { backoffDelayMs } from './backoff.ts';
import type { ConsumerMetrics } from './consumer-metrics.ts';
import { KinesisError } from './errors.ts';
import type { ChildShard, KinesisApi, ShardPosition } from './kinesis-api.ts';

/** How a shard is read. */
export interface ShardReaderOptions {
  readonly api: KinesisApi;
  readonly stream: string;
  readonly shardId: string;
  /** Where to start. */
  readonly position: ShardPosition;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: ConsumerMetrics;
  readonly random: () => number;
  readonly batchRecordsMax: number;
  readonly readIntervalMs: number;
}

/** One read: the records, or the end of the shard with the shards that continue it. */
export type ShardRead =
  | { readonly type: 'batch'; readonly batch: Batch }
  | { readonly type: 'shard_end'; readonly batch: Batch; readonly children: readonly ChildShard[] };

const retryDelayMsMin = 200;
const retryDelayMsMax = 5_000;

/**
 * Reads one shard by polling. Every call of `read` gives the records after those of the call before:
 * errors, throttles and expired iterators are met inside, with a wait, and lose or repeat nothing.
 */
export class ShardReader {
  readonly #options: ShardReaderOptions;
  /** After the last record that was delivered, which is further than the last checkpoint. */
  #position: ShardPosition;
  #iterator: string | undefined;
  #lastReadMs = Number.NEGATIVE_INFINITY;

  constructor(options: ShardReaderOptions) {
    this.#options = options;
    this.#position = options.position;
  }

  /** @throws the signal's reason; {KinesisError} that cannot pass by waiting */
  async read(signal: AbortSignal): Promise<ShardRead> {
    const { clock, log, shardId, random, metrics } = this.#options;
    let failures = 0;
    for (;;) {
      await this.#waitForTurn(signal);
      try {
        const read = await this.#readOnce(signal);
        if (read) return read;
        failures = 0;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof KinesisError)) throw error;
        failures += 1;
        metrics.errors.inc({ code: error.exception, stage: 'read' });
        this.#iterator = undefined;
        if (error.exception !== 'ExpiredIteratorException' && error.retry === 'never') throw error;
        log.warn({ shardId, failures, err: error }, 'Reading again after an error.');
        const backoff = { delayMsMin: retryDelayMsMin, delayMsMax: retryDelayMsMax, random };
        await clock.sleep(backoffDelayMs(failures, backoff), signal);
      }
    }
  }

  /** Keeps the shard's five reads a second, which all its readers share. */
  async #waitForTurn(signal: AbortSignal): Promise<void> {
    const { clock, readIntervalMs } = this.#options;
    signal.throwIfAborted();
    const waitMs = this.#lastReadMs + readIntervalMs - clock.monotonicMs();
    if (waitMs > 0) await clock.sleep(waitMs, signal);
    this.#lastReadMs = clock.monotonicMs();
  }

  async #readOnce(signal: AbortSignal): Promise<ShardRead | undefined> {
    const { api, stream, shardId, batchRecordsMax } = this.#options;
    this.#iterator ??= await api.getIterator({ stream, shardId, position: this.#position }, signal);
    const reply = await api.getRecords(
      { iterator: this.#iterator, limit: batchRecordsMax },
      signal,
    );
    const { behindLatestMs } = reply;
    const records = this.#notDelivered(reply.records);
    const last = records.at(-1);
    if (last) this.#position = after(last.sequenceNumber);
    const batch: Batch = { stream, shardId, records, behindLatestMs };
    if (reply.nextIterator !== null) {
      this.#iterator = reply.nextIterator;
      return { type: 'batch', batch };
    }
    const children =
      reply.childShards.length > 0 ? reply.childShards : await this.#childrenByList(signal);
    if (children) return { type: 'shard_end', batch, children };
    // No next iterator on a shard that is open: an invalid reply. A fresh iterator goes on after it.
    this.#iterator = undefined;
    return records.length > 0 ? { type: 'batch', batch } : undefined;
  }

  /** A reply that repeats records must not make a processor count them twice. */
  #notDelivered(records: readonly StreamRecord[]): readonly StreamRecord[] {
    if (this.#position.type !== 'AFTER_SEQUENCE_NUMBER') return records;
    const { sequenceNumber } = this.#position;
    const first = records[0];
    if (!first || compareSequence(first.sequenceNumber, sequenceNumber) > 0) return records;
    return records.filter((record) => compareSequence(record.sequenceNumber, sequenceNumber) > 0);
  }

  /** Servers without `ChildShards` still list the shard as closed, and its children. */
  async #childrenByList(signal: AbortSignal): Promise<readonly ChildShard[] | undefined> {
    const { api, stream, shardId } = this.#options;
    const shards = await api.listShards(stream, signal);
    const self = shards.find((shard) => shard.shardId === shardId);
    const children = shards.filter((shard) => shard.parentShardIds.includes(shardId));
    // A shard that is closed has children: a list without them is not complete yet.
    const isOpen = self?.endingSequenceNumber === undefined;
    return self && (isOpen || children.length === 0) ? undefined : children;
  }
}

function after(sequenceNumber: SequenceNumber): ShardPosition {
  return { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber };
}
