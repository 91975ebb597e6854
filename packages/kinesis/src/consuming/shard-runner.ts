import { backoffDelayMs, type Backoff } from '@highwater/flow';
import { CarefulReading } from './careful-reading.ts';
import type { ConsumerOptions } from './consumer-options.ts';
import { LeaseLostError } from '../errors.ts';
import type { HeldLease } from '../leases/held-lease.ts';
import { createInsist, type Insist } from './insist.ts';
import { idOf } from '../api/read-position.ts';
import { ShardCheckpoints } from './shard-checkpoints.ts';
import type { ShardRead } from '../reading/shard-reader.ts';
import { hourMs, ProcessingFailure, ShardReading } from './shard-reading.ts';
import type { SharedByShards } from './shared-by-shards.ts';
import { syncShards } from './shard-sync.ts';
import { tellError } from '../telling.ts';

const againBackoff: Backoff = { delayMsMin: 100, delayMsMax: 5_000 };

/**
 * Reads one shard under one lease: from its last checkpoint to its end, the loss of the lease, or
 * the stop of the process. If a processor throws, another one carefully reads the shard again from
 * the checkpoint until the faulty record is found and set aside.
 */
export class ShardRunner {
  readonly #options: ConsumerOptions;
  readonly #shared: SharedByShards;
  readonly #held: HeldLease;
  readonly #insist: Insist;
  readonly #checkpoints: ShardCheckpoints;
  readonly #careful: CarefulReading;
  #recordsCount = 0;

  constructor(options: ConsumerOptions, held: HeldLease, shared: SharedByShards) {
    const { lease, lost } = held;
    this.#options = options;
    this.#held = held;
    this.#shared = shared;
    this.#insist = createInsist({ ...options, shardId: lease.shardId, lost });
    const retentionMs = shared.summary.retentionHours * hourMs;
    this.#checkpoints = new ShardCheckpoints({ options, held, insist: this.#insist, retentionMs });
    this.#careful = new CarefulReading(lease.checkpoint);
  }

  /** Records that were processed under this lease. */
  get recordsCount(): number {
    return this.#recordsCount;
  }

  /**
   * Resolves after a shard's end or a clean stop.
   *
   * @throws {LeaseLostError} when another worker has the shard; {SetAsideLimitError}; the error of the
   *   processor, unless a record may be at fault
   */
  async run(stop: AbortSignal): Promise<void> {
    const { lost, asked } = this.#held;
    const ending = AbortSignal.any([stop, asked]);
    const signal = AbortSignal.any([ending, lost]);
    for (;;) {
      const failure = await this.#readOnce(ending, signal);
      if (!failure) break;
      await this.#lookInto(failure, signal);
      lost.throwIfAborted();
      // Without a checkpoint: the next reader of the shard handles it.
      if (ending.aborted) break;
    }
    await this.#release();
  }

  /** @returns why the shard is to be read again from its checkpoint; undefined when it need not be */
  async #readOnce(
    ending: AbortSignal,
    signal: AbortSignal,
  ): Promise<ProcessingFailure | undefined> {
    const reading = new ShardReading({
      options: this.#options,
      shared: this.#shared,
      held: this.#held,
      insist: this.#insist,
      checkpoints: this.#checkpoints,
      careful: this.#careful,
    });
    const { processor } = reading;
    try {
      await reading.open(this.#held.lost);
      const end = await reading.read(ending, signal);
      if (end) {
        await this.#end(reading, end);
        return undefined;
      }
      await reading.checkpointHere();
    } catch (error) {
      const isFailure = error instanceof ProcessingFailure;
      if (!isFailure && !(error instanceof LeaseLostError)) throw error;
      // After a failure, too, nothing in the processor counts.
      await processor.close('lease_lost', []);
      if (isFailure) return error;
      throw error;
    } finally {
      this.#recordsCount += reading.recordsCount;
    }
    await processor.close('shutdown', []);
    return undefined;
  }

  /** Records what to read carefully, and waits a little for temporary problems to pass. */
  async #lookInto({ records, cause }: ProcessingFailure, signal: AbortSignal): Promise<void> {
    const { stream, clock, metrics, random } = this.#options;
    const { shardId } = this.#checkpoints.lease;
    const attempts = this.#careful.failed(records, cause);
    metrics.processingFailures.inc();
    const [first] = records;
    const recordsCount = records.length;
    const fields = { stream, shardId, ...(first && idOf(first)), recordsCount, attempts };
    tellError(
      this.#options,
      { stage: 'process', error: cause, fields },
      'Processing a batch failed; reading the shard again from its checkpoint.',
    );
    const delayMs = backoffDelayMs(attempts + 1, againBackoff, random);
    // The caller handles the reason that ended the wait.
    await clock.sleep(delayMs, signal).catch(() => undefined);
  }

  async #end(reading: ShardReading, read: ShardRead & { type: 'shard_end' }): Promise<void> {
    const { leases, log } = this.#options;
    const { shardId, streamCreatedMs } = this.#checkpoints.lease;
    const children = read.children.map((child) => child.shardId);
    await reading.processor.close('shard_end', children);
    // A child of two parents must not be known before both are. Otherwise, it would not wait for
    // the other one.
    await this.#insist('sync', () =>
      syncShards(this.#options, this.#shared.summary, this.#held.lost),
    );
    // Children first: after SHARD_END without known children, no worker would search for them.
    for (const child of read.children) {
      await this.#insist('create', () =>
        leases.create({
          shardId: child.shardId,
          parentShardIds: child.parentShardIds,
          streamCreatedMs,
          checkpoint: { position: { type: 'TRIM_HORIZON' } },
        }),
      );
    }
    await reading.checkpointEnd();
    log.info({ shardId, children }, 'Read the shard to its end.');
  }

  async #release(): Promise<void> {
    const { leases, log, metrics } = this.#options;
    const { heir } = this.#held;
    const { lease } = this.#checkpoints;
    const { shardId } = lease;
    try {
      await leases.release(lease, heir);
    } catch (error) {
      // The other workers will see that its counter does not change.
      const failed = { stage: 'release', error, fields: { shardId } };
      tellError(
        this.#options,
        failed,
        'Releasing the lease failed. Other workers can take it when it expires.',
      );
      return;
    }
    if (heir !== undefined) metrics.leasesHandedOver.inc();
    log.info({ shardId, heir }, 'Released the lease.');
  }
}
