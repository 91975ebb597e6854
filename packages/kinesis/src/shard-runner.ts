import type { Batch, ShardProcessor } from '@highwater/model';
import type { BehindLatest } from './consumer-metrics.ts';
import type { ConsumerOptions } from './consumer.ts';
import { LeaseLostError } from './errors.ts';
import type { ShardPosition } from './kinesis-api.ts';
import type { Checkpoint, Lease } from './lease-store.ts';
import { ShardReader, type ShardRead } from './shard-reader.ts';

const tickIntervalMs = 1_000;

/**
 * Reads one shard under one lease: from its last checkpoint to its end, the loss of the lease or the
 * stop of the process. Invariant: a checkpoint names a position only after everything that follows
 * from the records up to it has been accepted downstream.
 */
export class ShardRunner {
  readonly #options: ConsumerOptions;
  readonly #behindLatest: BehindLatest;
  readonly #processor: ShardProcessor;
  #lease: Lease;
  #position: Checkpoint['position'];
  #snapshots = 0;
  #lastCheckpointMs: number;
  #lastTickMs: number;
  #quietSinceMs: number | undefined;

  constructor(options: ConsumerOptions, lease: Lease, behindLatest: BehindLatest) {
    this.#options = options;
    this.#behindLatest = behindLatest;
    this.#processor = options.createProcessor(lease.shardId);
    this.#lease = lease;
    this.#position = lease.checkpoint.position;
    this.#lastCheckpointMs = options.clock.monotonicMs();
    this.#lastTickMs = this.#lastCheckpointMs;
  }

  /**
   * Resolves after a shard's end or a clean stop.
   *
   * @throws {LeaseLostError} when another worker has the shard; what the processor threw
   */
  async run(stop: AbortSignal): Promise<void> {
    await this.#open();
    const reader = this.#reader();
    try {
      while (!stop.aborted) {
        const read = await reader.read(stop);
        if (read.batch.records.length > 0) await this.#process(read.batch);
        this.#observe(read.batch);
        if (read.type === 'shard_end') return await this.#end(read);
        await this.#tick();
        if (this.#isCheckpointDue()) await this.#checkpoint(this.#position);
        await this.#restAtTip(read.batch, stop);
      }
    } catch (error) {
      if (!stop.aborted) {
        if (error instanceof LeaseLostError) await this.#processor.close('lease_lost', []);
        throw error;
      }
      if (error !== stop.reason) throw error;
    }
    await this.#checkpoint(this.#position);
    await this.#processor.close('shutdown', []);
    await this.#options.leases.release(this.#lease);
  }

  #reader(): ShardReader {
    const { api, stream, clock, log, metrics, random, timing } = this.#options;
    const { type } = this.#position;
    if (type === 'SHARD_END') throw new Error(`${this.#lease.shardId} has been read to its end`);
    return new ShardReader({
      api,
      stream,
      shardId: this.#lease.shardId,
      position: this.#position as ShardPosition,
      clock,
      log,
      metrics,
      random,
      batchRecordsMax: timing.batchRecordsMax,
      readIntervalMs: timing.readIntervalMs,
    });
  }

  async #open(): Promise<void> {
    const { states, leases, stream } = this.#options;
    const { shardId, parentShardIds, checkpoint } = this.#lease;
    const isNew = checkpoint.state === undefined;
    const all = await leases.list();
    const parents = isNew ? all.filter((lease) => parentShardIds.includes(lease.shardId)) : [];
    const unfinished = all.filter((lease) => lease.checkpoint.position.type !== 'SHARD_END');
    await this.#processor.open({
      shard: { stream, shardId, parentShardIds },
      ownSnapshot: checkpoint.state && (await states.get(checkpoint.state)),
      parentSnapshots: await Promise.all(
        parents.flatMap(({ checkpoint: { state } }) => (state ? [states.get(state)] : [])),
      ),
      peerShardIds: unfinished.map((lease) => lease.shardId).filter((id) => id !== shardId),
    });
  }

  async #process(batch: Batch): Promise<void> {
    const { clock, metrics } = this.#options;
    const startMs = clock.monotonicMs();
    await this.#processor.process(batch);
    metrics.batchDuration.observe({ stage: 'process' }, (clock.monotonicMs() - startMs) / 1000);
    const last = batch.records.at(-1);
    if (!last) return;
    this.#position = { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: last.sequenceNumber };
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
    this.#behindLatest.set(this.#lease.shardId, behindLatestMs);
    const ageMs = last ? Math.max(0, clock.nowMs() - last.arrivalTimeMs) : behindLatestMs;
    metrics.iteratorAge.set(labels, ageMs / 1000);
    // Only an empty reply at the tip is quiet; an empty reply behind it says nothing.
    const isQuiet = !last && behindLatestMs === 0;
    this.#quietSinceMs = isQuiet ? (this.#quietSinceMs ?? clock.monotonicMs()) : undefined;
  }

  async #tick(): Promise<void> {
    const { clock, timing } = this.#options;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#lastTickMs < tickIntervalMs) return;
    this.#lastTickMs = nowMs;
    const quietMs = this.#quietSinceMs === undefined ? -1 : nowMs - this.#quietSinceMs;
    await this.#processor.tick(clock.nowMs(), quietMs >= timing.idleAfterMs);
  }

  async #restAtTip({ records, behindLatestMs }: Batch, stop: AbortSignal): Promise<void> {
    const { clock, timing } = this.#options;
    if (records.length === 0 && behindLatestMs === 0) {
      await clock.sleep(timing.pollIntervalMs, stop);
    }
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
    // Children first: with SHARD_END written and no child known, nobody would look for them.
    for (const child of read.children) {
      const position = { type: 'TRIM_HORIZON' } as const;
      await leases.create({
        shardId: child.shardId,
        parentShardIds: child.parentShardIds,
        checkpoint: { position },
      });
    }
    await this.#checkpoint({ type: 'SHARD_END' });
    await leases.release(this.#lease);
    log.info({ shardId, children }, 'Shard read to its end.');
  }

  /** Snapshot first, then the pointer to it, then the objects that nothing points to any more. */
  async #checkpoint(position: Checkpoint['position']): Promise<void> {
    const { leases, states, clock, metrics } = this.#options;
    const { shardId, epoch, checkpoint: before } = this.#lease;
    const startMs = clock.monotonicMs();
    const { state, watermarkMs, replayFrom } = this.#processor.snapshot();
    this.#snapshots += 1;
    const ref = await states.put(`${shardId}/${epoch}-${this.#snapshots}.snapshot`, state);
    const checkpoint = { position, state: ref, watermarkMs, replayFrom };
    const lease = await leases.checkpoint(this.#lease, checkpoint);
    if (!lease) throw new LeaseLostError(shardId, epoch);
    this.#lease = lease;
    if (before.state) await states.remove(before.state);
    await this.#processor.committed();
    this.#lastCheckpointMs = clock.monotonicMs();
    metrics.batchDuration.observe(
      { stage: 'checkpoint' },
      (this.#lastCheckpointMs - startMs) / 1000,
    );
    metrics.checkpointTimestamp.set({ shard_id: shardId }, clock.nowMs() / 1000);
    metrics.snapshotBytes.set({ shard_id: shardId }, state.length);
  }
}
