import { isTransient, retry, type Backoff } from '@highwater/flow';
import type { Batch, ShardPosition, StreamRecord } from '@highwater/model';
import type { BufferShare } from './buffer-budget.ts';
import { KinesisError } from '../errors.ts';
import type { GetRecordsReply } from '../api/kinesis-api.ts';
import type { ChildShard } from '../api/shard.ts';
import { batchBytes, recordsAfter } from '../api/raw-records.ts';
import { ReadPace } from './read-pace.ts';
import { expiredShardEnd, findListedShard } from './listed-shard.ts';
import type { ShardRead, ShardReader, ShardReaderOptions } from './shard-reader.ts';

/** How a shard is polled. */
export interface PollingOptions {
  /** Maximum records per read. */
  readonly batchRecordsMax: number;
  /** Shortest time between two reads. */
  readonly readIntervalMs: number;
  /** Time until the read after an empty one at the tip. */
  readonly pollIntervalMs: number;
}

const backoff: Backoff = { delayMsMin: 200, delayMsMax: 5_000 };
/** A new iterator resolves these errors. */
const atOnce: Backoff = { delayMsMin: 0, delayMsMax: 0 };

/** Reads one shard by GetRecords, within the five reads a second that all its readers share. */
export class PollingReader implements ShardReader {
  readonly #options: ShardReaderOptions & PollingOptions;
  readonly #pace: ReadPace;
  readonly #share: BufferShare;
  /** After the last delivered record, which is further than the last checkpoint. */
  #position: ShardPosition;
  #iterator: string | undefined;
  /** From the last reply with records, to estimate the next one. */
  #recordBytes = 0;
  /** Since the last successful read. */
  #failures = 0;

  constructor(options: ShardReaderOptions & PollingOptions) {
    this.#options = options;
    this.#position = options.position;
    this.#pace = new ReadPace(options);
    this.#share = options.budget.share();
  }

  /**
   * No time limit: a shard is read as long as the lease is held. The loss of the lease aborts the
   * signal.
   */
  async read(signal: AbortSignal): Promise<ShardRead> {
    const { clock, random } = this.#options;
    this.#share.hold(0);
    for (;;) {
      const read = await retry(() => this.#readInTurn(signal), {
        clock,
        signal,
        random,
        giveUpAfterMs: Infinity,
        backoffFor,
      });
      if (read) return read;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#share[Symbol.dispose]();
    this.#pace[Symbol.dispose]();
  }

  async #readInTurn(signal: AbortSignal): Promise<ShardRead | undefined> {
    await this.#pace.waitForTurn(signal);
    try {
      const read = await this.#readOnce(signal);
      this.#failures = 0;
      return read;
    } catch (error) {
      this.#share.hold(0);
      this.#iterator = undefined;
      if (!signal.aborted) {
        this.#failures += 1;
        if (isThrottle(error)) this.#pace.throttled();
        this.#tell(error);
      }
      throw error;
    }
  }

  async #readOnce(signal: AbortSignal): Promise<ShardRead | undefined> {
    try {
      return await this.#deliver(await this.#fetch(signal), signal);
    } catch (error) {
      const isGone =
        error instanceof KinesisError && error.exception === 'ResourceNotFoundException';
      const end = isGone ? await expiredShardEnd(this.#options, error, signal) : undefined;
      if (!end) throw error;
      return end;
    }
  }

  async #fetch(signal: AbortSignal): Promise<GetRecordsReply> {
    const { api, stream, shardId, clock, metrics } = this.#options;
    this.#iterator ??= await api.getIterator({ stream, shardId, position: this.#position }, signal);
    await this.#share.takeReply(signal);
    const startMs = clock.monotonicMs();
    const request = { iterator: this.#iterator, limit: this.#limit() };
    const reply = await api.getRecords(request, signal);
    metrics.batchDuration.observe({ stage: 'read' }, (clock.monotonicMs() - startMs) / 1000);
    return reply;
  }

  /** As many records as leave space for the other shards, if their size does not change. */
  #limit(): number {
    const { batchRecordsMax } = this.#options;
    if (this.#recordBytes === 0) return batchRecordsMax;
    const fair = Math.floor(this.#share.fairBytes / this.#recordBytes);
    return Math.max(1, Math.min(batchRecordsMax, fair));
  }

  async #deliver(reply: GetRecordsReply, signal: AbortSignal): Promise<ShardRead | undefined> {
    const { stream, shardId, metrics } = this.#options;
    const { behindLatestMs, nextIterator } = reply;
    const records = recordsAfter(this.#position, reply.records);
    // Before anything is recorded as delivered, because looking up the children may have to be
    // retried.
    const children = nextIterator === null ? await this.#childrenOf(reply, signal) : undefined;
    metrics.recordsRepeated.inc(reply.records.length - records.length);
    this.#keep(records);
    this.#pace.succeeded({ isTip: reply.records.length === 0 && behindLatestMs === 0 });
    const batch: Batch = { stream, shardId, records, behindLatestMs };
    const position = records.length > 0 ? this.#position : undefined;
    if (children) return { type: 'shard_end', batch, position, children };
    // No next iterator on an open shard is an invalid reply. A new iterator continues after it.
    this.#iterator = nextIterator ?? undefined;
    if (nextIterator === null && records.length === 0) return undefined;
    return { type: 'batch', batch, position };
  }

  /** @returns undefined when the shard is open after all */
  async #childrenOf(
    { childShards }: GetRecordsReply,
    signal: AbortSignal,
  ): Promise<readonly ChildShard[] | undefined> {
    if (childShards.length > 0) return childShards;
    const listed = await findListedShard(this.#options, signal);
    return listed.state === 'open' ? undefined : listed.children;
  }

  #keep(records: readonly StreamRecord[]): void {
    const bytes = batchBytes(records);
    this.#share.hold(bytes);
    const last = records.at(-1);
    if (!last) return;
    this.#recordBytes = bytes / records.length;
    this.#position = { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: last.sequenceNumber };
  }

  #tell(error: unknown): void {
    const { log, metrics, shardId } = this.#options;
    if (error instanceof KinesisError) {
      metrics.errors.inc({ code: error.exception, stage: 'read' });
    }
    if (isExpired(error)) {
      log.debug({ shardId }, 'The iterator expired; fetching another.');
    } else if (isTransient(error)) {
      // Throttling shows the readers of a shard that they share it. It is not an error.
      const level = isThrottle(error) ? 'debug' : 'warn';
      const fields = { shardId, failures: this.#failures, err: error };
      log[level](fields, 'Reading the shard failed; retrying.');
    }
  }
}

function backoffFor(error: unknown): Backoff | undefined {
  if (isExpired(error)) return atOnce;
  return isTransient(error) ? backoff : undefined;
}

function isExpired(error: unknown): boolean {
  return error instanceof KinesisError && error.exception === 'ExpiredIteratorException';
}

function isThrottle(error: unknown): boolean {
  return (
    error instanceof KinesisError && error.exception === 'ProvisionedThroughputExceededException'
  );
}
