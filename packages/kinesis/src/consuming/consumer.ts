import { isTransient, retry, type Backoff } from '@highwater/flow';
import { BufferBudget } from '../reading/buffer-budget.ts';
import { BehindLatest } from '../consumer-metrics.ts';
import type { ConsumerOptions } from './consumer-options.ts';
import { LeaseLostError } from '../errors.ts';
import { FanOutConsumer } from '../reading/fan-out-consumer.ts';
import type { HeldLease } from '../leases/held-lease.ts';
import { Isolation } from './isolation.ts';
import type { StreamSummary } from '../api/kinesis-api.ts';
import { LeaseKeeper } from '../leases/lease-keeper.ts';
import { ShardRunner } from './shard-runner.ts';
import type { SharedByShards } from './shared-by-shards.ts';
import { syncShards } from './shard-sync.ts';
import { tellRetry, type Step } from '../telling.ts';

const syncBackoff: Backoff = { delayMsMin: 500, delayMsMax: 5_000 };
/**
 * Without its own reason, every abort creates an exception with a stack, which is costly once a
 * second.
 */
const rested = new Error('the rest is over');
const bufferBytesMaxDefault = 128 * 1024 * 1024;

/**
 * Reads a stream, with one processor per shard, until the signal aborts. Then each shard finishes its
 * batch, writes a checkpoint and releases its lease before the promise resolves.
 *
 * A shard is started after all its parents have been read to their ends.
 *
 * A record that makes processing fail is set aside after a few attempts; see `CarefulReading`.
 *
 * @throws the error of a processor or an unusable dependency, after the other shards were closed,
 *   unless a record may be at fault
 */
export async function runConsumer(options: ConsumerOptions, signal: AbortSignal): Promise<void> {
  const consumer = new Consumer(options, signal);
  await consumer.run();
}

/** One run of `runConsumer`: a loop for shards, a loop for leases, and a runner per shard. */
class Consumer {
  readonly #options: ConsumerOptions;
  readonly #keeper: LeaseKeeper;
  readonly #behindLatest: BehindLatest;
  readonly #failure = new AbortController();
  readonly #stop: AbortSignal;
  readonly #running = new Set<Promise<void>>();
  #recordsCount = 0;
  #shardClosed = Promise.withResolvers<void>();

  constructor(options: ConsumerOptions, signal: AbortSignal) {
    this.#options = options;
    this.#keeper = new LeaseKeeper(options);
    this.#behindLatest = new BehindLatest(options.metrics);
    this.#stop = AbortSignal.any([signal, this.#failure.signal]);
  }

  async run(): Promise<void> {
    const summary = await this.#untilDone('describe', () =>
      this.#options.api.describe(this.#options.stream, this.#stop),
    );
    if (summary) {
      await this.#untilDone('sync', () => syncShards(this.#options, summary, this.#stop));
      const shared = this.#share(summary);
      await this.#untilDone('register', async () => shared.consumer?.arn(this.#stop));
      await Promise.all([this.#keepShards(summary), this.#keepLeases(shared)]);
    }
    const { stream, log } = this.#options;
    log.info({ stream, recordsCount: this.#recordsCount }, 'Stopped reading the stream.');
    if (this.#failure.signal.aborted) throw this.#failure.signal.reason;
  }

  #share(summary: StreamSummary): SharedByShards {
    const { read = {}, metrics } = this.#options;
    const { consumerName, bufferBytesMax = bufferBytesMaxDefault } = read;
    const budget = new BufferBudget({ bytesMax: bufferBytesMax, metrics });
    const consumer =
      consumerName === undefined
        ? undefined
        : new FanOutConsumer({ ...this.#options, consumerName });
    const isolation = new Isolation();
    return { summary, behindLatest: this.#behindLatest, budget, isolation, consumer };
  }

  async #keepShards(summary: StreamSummary): Promise<void> {
    const { clock, timing } = this.#options;
    while (!this.#stop.aborted) {
      await clock.sleep(timing.shardSyncIntervalMs, this.#stop).catch(() => undefined);
      await this.#untilDone('sync', () => syncShards(this.#options, summary, this.#stop));
    }
  }

  /**
   * Renews until the end. If a lease is lost while its shard is being closed, the last checkpoint
   * is lost.
   */
  async #keepLeases(shared: SharedByShards): Promise<void> {
    const { timing, sharing, onReading } = this.#options;
    const intervalMs = sharing?.intervalMs ?? timing.shardSyncIntervalMs;
    let isReading = false;
    while (!this.#stop.aborted || this.#running.size > 0) {
      this.#shardClosed = Promise.withResolvers<void>();
      await this.#keeper.renew();
      if (!this.#stop.aborted) {
        const done = await this.#attempt('lease', () => this.#acquire(shared));
        if (done && !isReading) onReading?.();
        isReading ||= done !== undefined;
      }
      if (this.#stop.aborted && this.#running.size === 0) break;
      await this.#rest(intervalMs);
    }
  }

  async #acquire(shared: SharedByShards): Promise<void> {
    for (const held of await this.#keeper.acquire()) {
      const running = this.#runShard(held, shared).finally(() => this.#running.delete(running));
      this.#running.add(running);
    }
    this.#options.metrics.leasesHeld.set(this.#keeper.heldCount);
  }

  async #runShard(held: HeldLease, shared: SharedByShards): Promise<void> {
    const { log, metrics } = this.#options;
    const { shardId } = held.lease;
    let runner: ShardRunner | undefined;
    try {
      runner = new ShardRunner(this.#options, held, shared);
      await runner.run(this.#stop);
    } catch (error) {
      if (error instanceof LeaseLostError) {
        metrics.leasesLost.inc();
        log.warn({ shardId, err: error }, 'Lost the lease.');
      } else if (!this.#stop.aborted) {
        this.#failure.abort(error);
      } else {
        log.warn({ shardId, err: error }, 'Closing the shard failed.');
      }
    } finally {
      this.#recordsCount += runner?.recordsCount ?? 0;
      this.#behindLatest.remove(shardId);
      this.#keeper.forget(held);
      metrics.leasesHeld.set(this.#keeper.heldCount);
      this.#shardClosed.resolve();
    }
  }

  /** Tries until it is done, fails for good, or is stopped: without it there is nothing to read. */
  async #untilDone<T>(step: Step, call: () => Promise<T>): Promise<T | undefined> {
    const { clock, random } = this.#options;
    try {
      return await retry(call, {
        clock,
        signal: this.#stop,
        random,
        giveUpAfterMs: Infinity,
        backoffFor: (error) => (isTransient(error) ? syncBackoff : undefined),
        onRetry: (error) => this.#tell(step, error),
      });
    } catch (error) {
      if (!this.#stop.aborted) this.#failure.abort(error);
      return undefined;
    }
  }

  /** @returns undefined after an error. An error that waiting cannot fix ends the consumer */
  async #attempt<T>(
    step: Step,
    call: () => Promise<T>,
  ): Promise<{ readonly value: T } | undefined> {
    try {
      return { value: await call() };
    } catch (error) {
      if (this.#stop.aborted) return undefined;
      if (isTransient(error)) this.#tell(step, error);
      else this.#failure.abort(error);
      return undefined;
    }
  }

  #tell(step: Step, error: unknown): void {
    tellRetry(this.#options, { step, error, fields: {} });
  }

  /** Waits for the next round, or for a shard to close: it may have children to start. */
  async #rest(intervalMs: number): Promise<void> {
    const { clock } = this.#options;
    const closed = new AbortController();
    // While closing, the stop signal carries no new information.
    const signals = this.#stop.aborted ? [closed.signal] : [closed.signal, this.#stop];
    const sleeping = clock.sleep(intervalMs, AbortSignal.any(signals)).catch(() => undefined);
    await Promise.race([this.#shardClosed.promise, sleeping]);
    closed.abort(rested);
    await sleeping;
  }
}
