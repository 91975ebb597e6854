import type { Batch, ShardPosition } from '@highwater/model';
import { backoffDelayMs, type Backoff } from '@highwater/flow';
import type { BufferShare } from './buffer-budget.ts';
import { KinesisError } from '../errors.ts';
import type { SubscriptionEvent } from '../api/fan-out-api.ts';
import type { FanOutConsumer } from './fan-out-consumer.ts';
import type { ChildShard } from '../api/shard.ts';
import { expiredShardEnd, findListedShard } from './listed-shard.ts';
import { batchBytes, recordsAfter } from '../api/raw-records.ts';
import type { ShardRead, ShardReader, ShardReaderOptions } from './shard-reader.ts';
import { Subscription } from './subscription.ts';

/** How a shard is read by enhanced fan-out. */
export interface FanOutOptions {
  /** Shared by the shards of the worker. */
  readonly consumer: FanOutConsumer;
  /** Waits until no other worker can own the shard, because a subscription replaces theirs. */
  readonly confirm: (signal: AbortSignal) => Promise<void>;
  /** A subscription that is silent for this long is dropped. An idle shard sends every few seconds. */
  readonly stallMs: number;
  /** How long after a subscription the service rejects the next one of the shard. @default 5000 */
  readonly takeOverMs?: number | undefined;
}

/** Maximum bytes of events that are combined, so that small events do not each take a batch. */
const gatherBytesMax = 1024 * 1024;

/** Everything that a reader needs. */
export interface FanOutReaderOptions extends ShardReaderOptions, FanOutOptions {
  /** Events are combined up to this many records. A larger event is passed on unchanged. */
  readonly batchRecordsMax: number;
}

/** Why a subscription ended. */
type EndCause = 'ended' | 'cut_short' | 'stalled' | 'refused' | 'failed';

const sliceMs = 1_000;
const backoff: Backoff = { delayMsMin: 200, delayMsMax: 10_000 };

/**
 * Reads one shard by SubscribeToShard, on its own throughput.
 *
 * A subscription ends after five minutes, or earlier if something breaks. The client cannot always
 * distinguish the two. Either way, the next one starts after the last continuation. If one ends
 * within the five seconds in which the service rejects another, it counts as a failure. So a server
 * that disconnects immediately is not called in a loop.
 */
export class FanOutReader implements ShardReader {
  readonly #options: FanOutReaderOptions;
  readonly #takeOverMs: number;
  readonly #share: BufferShare;
  #position: ShardPosition;
  #subscription: Subscription | undefined;
  /** Received, but not delivered, because waiting for buffer space was aborted. */
  #received: SubscriptionEvent | undefined;
  #failures = 0;
  #nextMs = Number.NEGATIVE_INFINITY;

  constructor(options: FanOutReaderOptions) {
    this.#options = options;
    this.#position = options.position;
    this.#takeOverMs = options.takeOverMs ?? 5_000;
    this.#share = options.budget.share();
  }

  async read(signal: AbortSignal): Promise<ShardRead> {
    this.#share.hold(0);
    for (;;) {
      signal.throwIfAborted();
      try {
        const read = await this.#readOnce(signal);
        if (read) return read;
      } catch (error) {
        signal.throwIfAborted();
        await this.#fail(error);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#subscription?.[Symbol.asyncDispose]();
    this.#subscription = undefined;
    this.#share[Symbol.dispose]();
  }

  async #readOnce(signal: AbortSignal): Promise<ShardRead | undefined> {
    try {
      this.#received ??= await this.#receive(signal);
      if (!this.#received) return { type: 'nothing' };
      await this.#gather(signal);
      return await this.#deliver(this.#received, signal);
    } catch (error) {
      const { consumer } = this.#options;
      const consumerArn = this.#subscription?.consumerArn;
      if (!isNotFound(error) || !consumerArn) throw error;
      // Either the shard has expired, or the consumer was registered again and has another ARN.
      consumer.forget(consumerArn);
      const end = await expiredShardEnd(this.#options, error, signal);
      if (!end) await this.#end('failed', error);
      return end;
    }
  }

  async #receive(signal: AbortSignal): Promise<SubscriptionEvent | undefined> {
    const subscription = await this.#subscribed(signal);
    if (!subscription) return undefined;
    const step = await subscription.next(Math.min(sliceMs, this.#options.stallMs), signal);
    if (step.type === 'event') return step.event;
    if (step.type === 'error') throw step.error;
    if (step.type === 'end') await this.#end(this.#isShort() ? 'cut_short' : 'ended');
    else if (subscription.silentMs >= this.#options.stallMs) await this.#end('stalled');
    return undefined;
  }

  /** Adds events that arrived while the previous batch was processed, as a poll would find them. */
  async #gather(signal: AbortSignal): Promise<void> {
    const { batchRecordsMax, clock } = this.#options;
    for (let events = 1; this.#received && this.#subscription; events++) {
      const { records, continuation, behindLatestMs } = this.#received;
      const isEnough =
        events >= batchRecordsMax ||
        records.length >= batchRecordsMax ||
        batchBytes(records) >= Math.min(gatherBytesMax, this.#share.fairBytes);
      if (isEnough && continuation !== undefined) {
        // Also counts the data still in the connection, because the service's figure is as old as
        // the event.
        const ageMs = clock.nowMs() - (records.at(-1)?.arrivalTimeMs ?? clock.nowMs());
        this.#received = { ...this.#received, behindLatestMs: Math.max(1, behindLatestMs, ageMs) };
      }
      if (isEnough || continuation === undefined) return;
      const next = await this.#subscription.nextIfThere(signal);
      if (!next) return;
      this.#received = { ...next, records: [...records, ...next.records] };
    }
  }

  /** The subscription; undefined while it is not yet time for the next one. */
  async #subscribed(signal: AbortSignal): Promise<Subscription | undefined> {
    if (this.#subscription) return this.#subscription;
    const { api, shardId, clock, consumer, confirm } = this.#options;
    const waitMs = this.#nextMs - clock.monotonicMs();
    if (waitMs > 0) {
      await clock.sleep(Math.min(waitMs, sliceMs), signal);
      return undefined;
    }
    await confirm(signal);
    const consumerArn = await consumer.arn(signal);
    const position = this.#position;
    this.#subscription = new Subscription({ api, consumerArn, shardId, position, clock });
    return this.#subscription;
  }

  async #deliver(event: SubscriptionEvent, signal: AbortSignal): Promise<ShardRead | undefined> {
    const { stream, shardId, metrics } = this.#options;
    const { continuation, behindLatestMs } = event;
    const records = recordsAfter(this.#position, event.records);
    const children = continuation === undefined ? await this.#childrenOf(event, signal) : undefined;
    await this.#share.take(batchBytes(records), signal);
    metrics.recordsRepeated.inc(event.records.length - records.length);
    this.#received = undefined;
    const sequenceNumber = continuation ?? records.at(-1)?.sequenceNumber;
    let position: ShardPosition | undefined;
    if (sequenceNumber !== undefined) position = { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber };
    this.#position = position ?? this.#position;
    const batch: Batch = { stream, shardId, records, behindLatestMs };
    if (children) return { type: 'shard_end', batch, position, children };
    // No continuation on an open shard is an invalid event. Another subscription continues.
    if (continuation === undefined) await this.#end('failed');
    return position && { type: 'batch', batch, position };
  }

  /** @returns undefined when the shard is open after all */
  async #childrenOf(
    { childShards }: SubscriptionEvent,
    signal: AbortSignal,
  ): Promise<readonly ChildShard[] | undefined> {
    if (childShards.length > 0) return childShards;
    const listed = await findListedShard(this.#options, signal);
    return listed.state === 'open' ? undefined : listed.children;
  }

  /** @throws {KinesisError} that waiting cannot fix */
  async #fail(error: unknown): Promise<void> {
    if (!(error instanceof KinesisError)) throw error;
    // The service may still count the previous reader as subscribed. This is not an error.
    if (error.exception === 'ResourceInUseException') return this.#end('refused');
    this.#options.metrics.errors.inc({ code: error.exception, stage: 'subscribe' });
    if (error.retry === 'never') throw error;
    return this.#end('failed', error);
  }

  #isShort(): boolean {
    const sinceMs = this.#subscription?.sinceMs;
    return sinceMs === undefined || this.#options.clock.monotonicMs() - sinceMs < this.#takeOverMs;
  }

  async #end(cause: EndCause, error?: KinesisError): Promise<void> {
    const { metrics, log, shardId, clock, random } = this.#options;
    metrics.subscriptionsEnded.inc({ cause });
    const nowMs = clock.monotonicMs();
    if (cause === 'refused') {
      this.#nextMs = nowMs + this.#takeOverMs;
    } else if (this.#isShort()) {
      this.#failures += 1;
      const backoffMs = nowMs + backoffDelayMs(this.#failures, backoff, random);
      this.#nextMs = Math.max(backoffMs, (this.#subscription?.sinceMs ?? 0) + this.#takeOverMs);
    } else {
      this.#failures = 0;
      this.#nextMs = nowMs;
    }
    const fields = { shardId, cause, failures: this.#failures, ...(error ? { err: error } : {}) };
    const isUsual = cause === 'ended' || cause === 'refused';
    log[isUsual ? 'debug' : 'warn'](fields, 'The subscription ended; subscribing again.');
    await this.#subscription?.[Symbol.asyncDispose]();
    this.#subscription = undefined;
  }
}

function isNotFound(error: unknown): error is KinesisError {
  return error instanceof KinesisError && error.exception === 'ResourceNotFoundException';
}
