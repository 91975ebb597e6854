import { HighwaterError, type Batch, type ShardProcessor } from '@highwater/model';
import { backoffDelayMs } from './backoff.ts';
import type { BehindLatest } from './consumer-metrics.ts';
import type { BufferBudget } from './buffer-budget.ts';
import type { ConsumerOptions } from './consumer.ts';
import { LeaseLostError } from './errors.ts';
import type { FanOutConsumer } from './fan-out-consumer.ts';
import type { HashKeyRange } from './hash-key.ts';
import type { HeldLease } from './held-lease.ts';
import type { StreamSummary } from './kinesis-api.ts';
import type { Checkpoint, Lease } from './lease-store.ts';
import { codeOf } from './lease-keeper.ts';
import { openShardReader } from './open-shard-reader.ts';
import type { ReadPosition } from './read-position.ts';
import type { ShardRead, ShardReader } from './shard-reader.ts';
import { findShardStart } from './shard-start.ts';
import { syncShards } from './shard-sync.ts';
import type { StateRef } from './state-store.ts';

const retryDelayMsMin = 100;
const retryDelayMsMax = 5_000;
const hourMs = 3_600_000;
const tickIntervalMs = 1_000;
/** Seven times what an idle shard is silent for. */
const stallMsDefault = 35_000;

/** What the shards of one worker share. */
export interface SharedByShards {
  readonly summary: StreamSummary;
  readonly behindLatest: BehindLatest;
  readonly budget: BufferBudget;
  /** Absent for polling. */
  readonly consumer: FanOutConsumer | undefined;
}

/**
 * Reads one shard under one lease: from its last checkpoint to its end, the loss of the lease or the
 * stop of the process. Invariant: a checkpoint names a position only after everything that follows
 * from the records up to it has been accepted downstream.
 */
export class ShardRunner {
  readonly #options: ConsumerOptions;
  readonly #shared: SharedByShards;
  readonly #processor: ShardProcessor;
  readonly #held: HeldLease;
  #lease: Lease;
  /** After the last record that was processed, or where reading starts. */
  #position: ReadPosition = { type: 'TRIM_HORIZON' };
  #readToMs: number | undefined;
  #recordsCount = 0;
  /** Goes on from the tenure before. */
  #checkpointNumber: number;
  #lastCheckpointMs: number;
  #lastTickMs: number;
  #quietSinceMs: number | undefined;
  #quietMs = -1;

  constructor(options: ConsumerOptions, held: HeldLease, shared: SharedByShards) {
    const { lease } = held;
    this.#options = options;
    this.#held = held;
    this.#shared = shared;
    this.#processor = options.createProcessor(lease.shardId);
    this.#lease = lease;
    this.#readToMs = lease.checkpoint.readToMs;
    this.#checkpointNumber = lease.checkpoint.number ?? 0;
    this.#lastCheckpointMs = options.clock.monotonicMs();
    this.#lastTickMs = this.#lastCheckpointMs;
  }

  /** Records that were processed under this lease. */
  get recordsCount(): number {
    return this.#recordsCount;
  }

  /**
   * Resolves after a shard's end or a clean stop.
   *
   * @throws {LeaseLostError} when another worker has the shard; what the processor threw
   */
  async run(stop: AbortSignal): Promise<void> {
    const { lost, asked } = this.#held;
    const ending = AbortSignal.any([stop, asked]);
    try {
      await this.#open();
      const isEnd = await this.#read(ending, AbortSignal.any([ending, lost]));
      if (isEnd) return;
      await this.#checkpointHere();
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
      await this.#processor.close('lease_lost', []);
      throw error;
    }
    await this.#processor.close('shutdown', []);
    await this.#release();
  }

  /** @returns whether the shard came to its end, rather than its reading */
  async #read(ending: AbortSignal, signal: AbortSignal): Promise<boolean> {
    await using reader = this.#reader();
    try {
      while (!ending.aborted) {
        const read = await reader.read(signal);
        if (read.type !== 'nothing') {
          // Not before here: a pause may have come at any moment since the last look.
          await this.#held.confirm(signal);
          if (read.batch.records.length > 0) await this.#process(read.batch);
          this.#position = read.position ?? this.#position;
          this.#observe(read.batch);
        }
        if (read.type === 'shard_end') {
          await this.#end(read);
          return true;
        }
        await this.#tick();
        if (this.#isCheckpointDue()) await this.#checkpointHere();
      }
    } catch (error) {
      if (!ending.aborted || error !== ending.reason) throw error;
    }
    return false;
  }

  async #release(): Promise<void> {
    const { leases, log, metrics } = this.#options;
    const { heir } = this.#held;
    const { shardId } = this.#lease;
    try {
      await leases.release(this.#lease, heir);
    } catch (error) {
      // The others will see that it stands still.
      metrics.errors.inc({ code: codeOf(error), stage: 'release' });
      log.warn({ shardId, err: error }, 'Lease not released.');
      return;
    }
    if (heir !== undefined) metrics.leasesHandedOver.inc();
    log.info({ shardId, heir }, 'Lease released.');
  }

  #reader(): ShardReader {
    const { timing, read } = this.#options;
    const { consumer, budget } = this.#shared;
    const confirm = (signal: AbortSignal) => this.#held.confirm(signal);
    const stallMs = read?.stallMs ?? stallMsDefault;
    return openShardReader({
      ...this.#options,
      ...timing,
      shardId: this.#lease.shardId,
      position: this.#position,
      budget,
      fanOut: consumer && { consumer, confirm, stallMs },
      foreign: read?.foreign ?? 'keep',
      findRange: () => this.#findRange(),
    });
  }

  /** Undefined when the shard has expired meanwhile. */
  async #findRange(): Promise<HashKeyRange | undefined> {
    const { api, stream } = this.#options;
    const { shardId } = this.#lease;
    const shards = await this.#insist('range', () => api.listShards(stream, this.#held.lost));
    const shard = shards.find((listed) => listed.shardId === shardId);
    return shard && { start: BigInt(shard.startingHashKey), end: BigInt(shard.endingHashKey) };
  }

  async #open(): Promise<void> {
    const { clock, metrics, log } = this.#options;
    const startMs = clock.monotonicMs();
    const start = await this.#insist('open', () =>
      findShardStart(this.#options, this.#lease, this.#shared.summary.retentionHours * hourMs),
    );
    this.#position = start.position;
    await this.#processor.open(start.processor);
    const openMs = clock.monotonicMs() - startMs;
    metrics.snapshotDuration.observe({ stage: 'restore' }, openMs / 1000);
    const { shardId, checkpoint } = this.#lease;
    const snapshotBytes = checkpoint.state?.bytes ?? 0;
    log.info({ shardId, snapshotBytes, openMs: Math.round(openMs) }, 'Shard opened.');
  }

  async #process(batch: Batch): Promise<void> {
    const { clock, metrics } = this.#options;
    const startMs = clock.monotonicMs();
    await this.#processor.process(batch);
    metrics.batchDuration.observe({ stage: 'process' }, (clock.monotonicMs() - startMs) / 1000);
    this.#recordsCount += batch.records.length;
    const last = batch.records.at(-1);
    if (!last) return;
    const { shardId } = this.#lease;
    metrics.lastRecordProcessed.set({ shard_id: shardId }, last.arrivalTimeMs / 1000);
  }

  #observe({ records, behindLatestMs }: Batch): void {
    const { clock, metrics } = this.#options;
    const labels = { shard_id: this.#lease.shardId };
    const last = records.at(-1);
    if (last) {
      metrics.recordsReceived.inc(records.length);
      metrics.batchRecords.observe(records.length);
      metrics.bytesReceived.inc(records.reduce((sum, { data }) => sum + data.length, 0));
    }
    this.#readToMs = clock.nowMs() - behindLatestMs;
    this.#shared.behindLatest.set(this.#lease.shardId, behindLatestMs);
    const ageMs = last ? Math.max(0, clock.nowMs() - last.arrivalTimeMs) : behindLatestMs;
    metrics.iteratorAge.set(labels, ageMs / 1000);
    // Only an empty reply at the tip is quiet; an empty reply behind it says nothing.
    const isQuiet = !last && behindLatestMs === 0;
    const nowMs = clock.monotonicMs();
    this.#quietSinceMs = isQuiet ? (this.#quietSinceMs ?? nowMs) : undefined;
    // Up to what was last heard, and not up to now: silence says nothing.
    this.#quietMs = this.#quietSinceMs === undefined ? -1 : nowMs - this.#quietSinceMs;
  }

  async #tick(): Promise<void> {
    const { clock, timing } = this.#options;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#lastTickMs < tickIntervalMs) return;
    this.#lastTickMs = nowMs;
    await this.#processor.tick(clock.nowMs(), this.#quietMs >= timing.idleAfterMs);
  }

  #isCheckpointDue(): boolean {
    const { clock, timing } = this.#options;
    return clock.monotonicMs() - this.#lastCheckpointMs >= timing.checkpointIntervalMs;
  }

  async #end(read: ShardRead & { type: 'shard_end' }): Promise<void> {
    const { leases, log } = this.#options;
    const { shardId } = this.#lease;
    const children = read.children.map((child) => child.shardId);
    await this.#processor.close('shard_end', children);
    // A child of two parents must not be known before both are, or it would not wait for the other.
    await this.#insist('sync', () =>
      syncShards(this.#options, this.#shared.summary, this.#held.lost),
    );
    // Children first: with SHARD_END written and no child known, nobody would look for them.
    for (const child of read.children) {
      await this.#insist('create', () =>
        leases.create({
          shardId: child.shardId,
          parentShardIds: child.parentShardIds,
          streamCreatedMs: this.#lease.streamCreatedMs,
          checkpoint: { position: { type: 'TRIM_HORIZON' } },
        }),
      );
    }
    await this.#checkpoint({ type: 'SHARD_END' });
    await this.#release();
    log.info({ shardId, children }, 'Shard read to its end.');
  }

  async #checkpointHere(): Promise<void> {
    // A rebuild that has not read anything yet has no position that a checkpoint could name.
    if (this.#position.type !== 'AT_SEQUENCE_NUMBER') await this.#checkpoint(this.#position);
  }

  /** Snapshot first, then the pointer to it, then the object that nothing points to any more. */
  async #checkpoint(position: Checkpoint['position']): Promise<void> {
    const { leases, states, clock, metrics } = this.#options;
    const { shardId, epoch, checkpoint: before } = this.#lease;
    const startMs = clock.monotonicMs();
    const { state, watermarkMs, replayFrom } = this.#processor.snapshot();
    const takenMs = clock.monotonicMs();
    const number = (this.#checkpointNumber += 1);
    const key = `${shardId}/${epoch}-${number}.snapshot`;
    const ref = await this.#insist('snapshot', () => states.put(key, state));
    const storedMs = clock.monotonicMs();
    metrics.snapshotDuration.observe({ stage: 'take' }, (takenMs - startMs) / 1000);
    metrics.snapshotDuration.observe({ stage: 'store' }, (storedMs - takenMs) / 1000);
    const next = {
      position,
      number,
      state: ref,
      watermarkMs,
      readToMs: this.#readToMs,
      replayFrom,
    };
    const lease = await this.#insist('checkpoint', async () => {
      const sentMs = clock.monotonicMs();
      const written = await leases.checkpoint(this.#lease, next);
      if (written) this.#held.prove(sentMs);
      return written;
    });
    if (!lease) throw new LeaseLostError(shardId, epoch);
    this.#lease = lease;
    if (before.state) await this.#removeState(before.state);
    await this.#processor.committed();
    this.#lastCheckpointMs = clock.monotonicMs();
    metrics.batchDuration.observe(
      { stage: 'checkpoint' },
      (this.#lastCheckpointMs - startMs) / 1000,
    );
    metrics.checkpointTimestamp.set({ shard_id: shardId }, clock.nowMs() / 1000);
    metrics.snapshotBytes.set({ shard_id: shardId }, state.length);
  }

  /** What cannot be removed is an orphan that costs its storage, and no reason to stop. */
  async #removeState(ref: StateRef): Promise<void> {
    const { states, log, metrics } = this.#options;
    try {
      await states.remove(ref);
    } catch (error) {
      metrics.errors.inc({ code: codeOf(error), stage: 'remove' });
      log.warn({ key: ref.key, err: error }, 'Old snapshot not removed.');
    }
  }

  /** Repeats a call to a store that is out of reach, until it is done or the lease is lost. */
  async #insist<T>(stage: string, call: () => Promise<T>): Promise<T> {
    const { clock, log, metrics, random } = this.#options;
    for (let failures = 1; ; failures++) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof HighwaterError) || error.retry === 'never') throw error;
        metrics.errors.inc({ code: codeOf(error), stage });
        const { shardId } = this.#lease;
        log.warn({ shardId, stage, failures, err: error }, 'Trying again after an error.');
        const backoff = { delayMsMin: retryDelayMsMin, delayMsMax: retryDelayMsMax, random };
        await clock.sleep(backoffDelayMs(failures, backoff), this.#held.lost);
      }
    }
  }
}
