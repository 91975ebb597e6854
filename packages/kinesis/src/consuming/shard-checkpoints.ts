import type { ShardProcessor } from '@highwater/model';
import type { ConsumerOptions } from './consumer-options.ts';
import { LeaseLostError, SetAsideLimitError } from '../errors.ts';
import type { HeldLease } from '../leases/held-lease.ts';
import type { Insist } from './insist.ts';
import type { Checkpoint, Lease, SetAsideRecord, Suspects } from '../leases/lease-store.ts';
import { compareRecords } from '../api/read-position.ts';
import { setAsideRecordsMax, stillNeeded } from './set-aside.ts';
import type { StateRef } from '../snapshots/state-store.ts';
import { tellError } from '../telling.ts';

/** The content of a checkpoint, except for the state of the processor. */
export interface CheckpointFacts {
  readonly position: Checkpoint['position'];
  readonly readToMs: number | undefined;
  /** Records that this checkpoint sets aside; their letters are durable. */
  readonly setAside?: readonly SetAsideRecord[] | undefined;
}

/** The dependencies of the checkpoints of a shard. */
export interface ShardCheckpointsOptions {
  readonly options: ConsumerOptions;
  readonly held: HeldLease;
  readonly insist: Insist;
  readonly retentionMs: number;
}

/**
 * Writes the state of a shard for later processes. Every write is numbered, so that a late one
 * cannot undo another.
 */
export class ShardCheckpoints {
  readonly #with: ShardCheckpointsOptions;
  #lease: Lease;
  /** Continues from the previous tenure. */
  #number: number;
  #lastMs: number;

  constructor(options: ShardCheckpointsOptions) {
    const { lease } = options.held;
    this.#with = options;
    this.#lease = lease;
    this.#number = lease.checkpoint.number ?? 0;
    this.#lastMs = options.options.clock.monotonicMs();
  }

  /** The result of the last write. */
  get lease(): Lease {
    return this.#lease;
  }

  get isDue(): boolean {
    const { clock, timing } = this.#with.options;
    return clock.monotonicMs() - this.#lastMs >= timing.checkpointIntervalMs;
  }

  /** @throws {SetAsideLimitError} when a checkpoint cannot list this many more records */
  assertRoomFor(recordsCount: number): void {
    const { shardId, checkpoint } = this.#lease;
    const setAsideCount = (checkpoint.setAside ?? []).length;
    if (setAsideCount + recordsCount <= setAsideRecordsMax) return;
    const why = `${setAsideCount} of its records have been set aside, which is the limit`;
    throw new SetAsideLimitError(shardId, why);
  }

  /**
   * The snapshot first, then the pointer to it, then the removal of the object that is no longer
   * referenced.
   */
  async write(processor: ShardProcessor, facts: CheckpointFacts): Promise<void> {
    const { options, insist } = this.#with;
    const { states, clock, metrics } = options;
    const { shardId, epoch, checkpoint: before } = this.#lease;
    const startMs = clock.monotonicMs();
    // Its errors are not about one record, and end the process.
    const { state, watermarkMs, replayFrom } = processor.snapshot();
    const takenMs = clock.monotonicMs();
    const number = (this.#number += 1);
    const key = `${shardId}/${epoch}-${number}.snapshot`;
    const ref = await insist('snapshot', () => states.put(key, state));
    const storedMs = clock.monotonicMs();
    metrics.snapshotDuration.observe({ stage: 'take' }, (takenMs - startMs) / 1000);
    metrics.snapshotDuration.observe({ stage: 'store' }, (storedMs - takenMs) / 1000);
    const { position, readToMs } = facts;
    const next = { position, number, state: ref, watermarkMs, readToMs, replayFrom };
    await this.#send({ ...next, ...this.#records(next, facts.setAside ?? []) });
    if (before.state) await this.#removeState(before.state);
    await processor.committed();
    this.#lastMs = clock.monotonicMs();
    metrics.batchDuration.observe({ stage: 'checkpoint' }, (this.#lastMs - startMs) / 1000);
    metrics.checkpointTimestamp.set({ shard_id: shardId }, clock.nowMs() / 1000);
    metrics.snapshotBytes.set({ shard_id: shardId }, state.length);
  }

  /**
   * Records which records are about to be processed, or that none are. The rest stays unchanged.
   */
  async note(suspects: Suspects | undefined): Promise<void> {
    const number = (this.#number += 1);
    await this.#send({ ...this.#lease.checkpoint, number, suspects });
  }

  #records(
    next: Checkpoint,
    added: readonly SetAsideRecord[],
  ): Pick<Checkpoint, 'setAside' | 'suspects'> {
    const { options, retentionMs } = this.#with;
    const { suspects, setAside = [] } = this.#lease.checkpoint;
    const known = { nowMs: options.clock.nowMs(), retentionMs };
    const all = [...setAside, ...added].toSorted(compareRecords);
    const needed = stillNeeded(all, next, known);
    const { position } = next;
    const isAhead =
      suspects !== undefined &&
      position.type === 'AFTER_SEQUENCE_NUMBER' &&
      compareRecords(suspects.last, position) > 0;
    return {
      ...(needed.length > 0 ? { setAside: needed } : {}),
      ...(isAhead ? { suspects } : {}),
    };
  }

  async #send(next: Checkpoint): Promise<void> {
    const { options, insist, held } = this.#with;
    const { leases, clock } = options;
    const lease = await insist('checkpoint', async () => {
      const sentMs = clock.monotonicMs();
      const written = await leases.checkpoint(this.#lease, next);
      if (written) held.prove(sentMs);
      return written;
    });
    if (!lease) throw new LeaseLostError(this.#lease.shardId, this.#lease.epoch);
    this.#lease = lease;
  }

  /** An object that cannot be removed only costs storage. It is not a reason to stop. */
  async #removeState(ref: StateRef): Promise<void> {
    const { options } = this.#with;
    try {
      await options.states.remove(ref);
    } catch (error) {
      const failed = { stage: 'remove', error, fields: { key: ref.key } };
      tellError(options, failed, 'Removing an old snapshot failed.');
    }
  }
}
