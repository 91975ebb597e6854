import type { Batch, ShardProcessor, StreamRecord } from '@highwater/model';
import { isWatched, type CarefulReading, type Piece } from './careful-reading.ts';
import type { ConsumerOptions } from './consumer-options.ts';
import { SetAsideLimitError } from '../errors.ts';
import type { HashKeyRange } from '../api/hash-key.ts';
import type { HeldLease } from '../leases/held-lease.ts';
import type { Insist } from './insist.ts';
import { openShardReader } from '../reading/open-shard-reader.ts';
import { afterRecord, idOf, type ReadPosition } from '../api/read-position.ts';
import { isRecordsFault } from './records-fault.ts';
import { guiltyInRowMax, letterOf, setAsideRecord, type GuiltyRecord } from './set-aside.ts';
import type { ShardCheckpoints } from './shard-checkpoints.ts';
import type { ShardRead, ShardReader } from '../reading/shard-reader.ts';
import type { SharedByShards } from './shared-by-shards.ts';
import { findShardStart } from './shard-start.ts';
import { tryAlone } from './try-alone.ts';

export const hourMs = 3_600_000;
const tickIntervalMs = 1_000;
/** Seven times the interval between the signs of life of an idle shard. */
const stallMsDefault = 35_000;

/** The dependencies of one reading of a shard. */
export interface ShardReadingOptions {
  readonly options: ConsumerOptions;
  readonly shared: SharedByShards;
  readonly held: HeldLease;
  readonly insist: Insist;
  readonly checkpoints: ShardCheckpoints;
  readonly careful: CarefulReading;
}

/**
 * A processor threw on records, and the records may be at fault. Its state is no longer trusted.
 */
export class ProcessingFailure extends Error {
  override readonly name = 'ProcessingFailure';
  readonly records: readonly StreamRecord[];

  constructor(records: readonly StreamRecord[], cause: unknown) {
    super('processing records', { cause });
    this.records = records;
  }
}

/**
 * Reads a shard with one processor, from the last checkpoint on. Invariant: a checkpoint names a
 * position only after everything that follows from the records up to it has been accepted downstream,
 * or the record has been set aside.
 */
export class ShardReading {
  readonly #with: ShardReadingOptions;
  readonly #shardId: string;
  readonly processor: ShardProcessor;
  /** After the last processed record, or where reading starts. */
  #position: ReadPosition = { type: 'TRIM_HORIZON' };
  /**
   * Skipped records. They are set aside only once a later record has shown that processing works.
   */
  #guilty: GuiltyRecord[] = [];
  #readToMs: number | undefined;
  #recordsCount = 0;
  #lastTickMs: number;
  #quietSinceMs: number | undefined;
  #quietMs = -1;

  constructor(options: ShardReadingOptions) {
    const { lease } = options.checkpoints;
    this.#with = options;
    this.#shardId = lease.shardId;
    this.processor = options.options.createProcessor(lease.shardId);
    this.#readToMs = lease.checkpoint.readToMs;
    this.#lastTickMs = options.options.clock.monotonicMs();
    options.careful.begin(lease.checkpoint);
  }

  /** Records that were processed. */
  get recordsCount(): number {
    return this.#recordsCount;
  }

  /** Its errors are not about one record, and end the process. */
  async open(signal: AbortSignal): Promise<void> {
    const { options, checkpoints, insist, shared } = this.#with;
    const { clock, metrics, log } = options;
    const startMs = clock.monotonicMs();
    const start = await insist('open', () =>
      findShardStart(options, checkpoints.lease, shared.summary.retentionHours * hourMs),
    );
    this.#position = start.position;
    {
      using _ = await shared.isolation.enter('together', signal);
      await this.processor.open(start.processor);
    }
    const openMs = clock.monotonicMs() - startMs;
    metrics.snapshotDuration.observe({ stage: 'restore' }, openMs / 1000);
    const snapshotBytes = checkpoints.lease.checkpoint.state?.bytes ?? 0;
    const shardId = this.#shardId;
    log.info({ shardId, snapshotBytes, openMs: Math.round(openMs) }, 'Opened the shard.');
  }

  /**
   * Reads until the end of the shard, which the caller then records, or until `ending` aborts.
   *
   * @param signal aborts with `ending`, and when the lease is lost
   * @throws {ProcessingFailure} when the shard is to be read again from its checkpoint
   */
  async read(
    ending: AbortSignal,
    signal: AbortSignal,
  ): Promise<(ShardRead & { type: 'shard_end' }) | undefined> {
    await using reader = this.#reader();
    try {
      while (!ending.aborted) {
        const read = await reader.read(signal);
        if (read.type !== 'nothing') {
          // Checked only now, because a pause may have come at any moment since the last check.
          await this.#with.held.confirm(signal);
          const isDone = await this.#process(read.batch, ending, signal);
          if (!isDone) return undefined;
          this.#position = read.position ?? this.#position;
          this.#observe(read.batch);
          await this.#setAsideAtTip(read);
        }
        if (read.type === 'shard_end') return read;
        await this.#tick(signal);
        if (this.#with.checkpoints.isDue) await this.checkpointHere();
      }
    } catch (error) {
      if (!ending.aborted || error !== ending.reason) throw error;
    }
    return undefined;
  }

  async checkpointHere(): Promise<void> {
    // Skipped records are still undecided. The next reading decides.
    if (this.#guilty.length > 0) return;
    // A rebuild that has not read anything yet has no position that a checkpoint could name.
    if (this.#position.type !== 'AT_SEQUENCE_NUMBER') await this.#checkpoint(this.#position);
  }

  async checkpointEnd(): Promise<void> {
    await this.#checkpoint({ type: 'SHARD_END' });
  }

  #reader(): ShardReader {
    const { options, shared, held } = this.#with;
    const { timing, read } = options;
    const { consumer, budget } = shared;
    const confirm = (signal: AbortSignal) => held.confirm(signal);
    const stallMs = read?.stallMs ?? stallMsDefault;
    return openShardReader({
      ...options,
      ...timing,
      shardId: this.#shardId,
      position: this.#position,
      budget,
      fanOut: consumer && { consumer, confirm, stallMs },
      foreign: read?.foreign ?? 'keep',
      findRange: () => this.#findRange(),
    });
  }

  /** Undefined if the shard has expired. */
  async #findRange(): Promise<HashKeyRange | undefined> {
    const { options, insist, held } = this.#with;
    const { api, stream } = options;
    const shards = await insist('range', () => api.listShards(stream, held.lost));
    const shard = shards.find(({ shardId }) => shardId === this.#shardId);
    return shard && { start: BigInt(shard.startingHashKey), end: BigInt(shard.endingHashKey) };
  }

  /** @returns whether the whole batch is done; false if the reading ended within it */
  async #process(batch: Batch, ending: AbortSignal, signal: AbortSignal): Promise<boolean> {
    for (const piece of this.#with.careful.pieces(batch.records)) {
      if (ending.aborted) return false;
      await this.#processPiece(piece, batch, signal);
    }
    return true;
  }

  async #processPiece(piece: Piece, batch: Batch, signal: AbortSignal): Promise<void> {
    switch (piece.type) {
      case 'together':
        await this.#processTogether(piece.records, batch, signal);
        return this.#passed(piece.records);
      case 'alone':
        await this.#processAlone(piece, batch, signal);
        return this.#passed([piece.record]);
      case 'guilty':
        return this.#passOver(piece);
      case 'set_aside':
        this.#position = afterRecord(piece.record.sequenceNumber, piece.record.subSequenceNumber);
        this.#with.options.metrics.recordsPassedOver.inc();
    }
  }

  async #processTogether(
    records: readonly StreamRecord[],
    batch: Batch,
    signal: AbortSignal,
  ): Promise<void> {
    const { shared, held, checkpoints } = this.#with;
    using _ = await shared.isolation.enter('together', signal);
    const [first] = records;
    const last = records.at(-1);
    if (first && last && isWatched(checkpoints.lease.checkpoint)) {
      await held.confirm(signal);
      await checkpoints.note({ first: idOf(first), last: idOf(last), attempts: 0 });
    }
    await held.confirm(signal);
    await this.#call({ ...batch, records });
  }

  async #processAlone(
    { record, attempt }: Piece & { type: 'alone' },
    batch: Batch,
    signal: AbortSignal,
  ): Promise<void> {
    if (attempt === undefined) return this.#processTogether([record], batch, signal);
    const { options, shared, held, checkpoints } = this.#with;
    using turn = await shared.isolation.enter('alone', signal);
    await held.confirm(signal);
    const attempts = { first: idOf(record), last: idOf(record), attempts: attempt };
    await tryAlone({
      begin: () => checkpoints.note(attempts),
      call: () => this.#call({ ...batch, records: [record] }),
      async acquit() {
        await checkpoints.note(undefined);
        turn.share();
      },
      clock: options.clock,
    });
  }

  async #call(batch: Batch): Promise<void> {
    const { clock, metrics } = this.#with.options;
    const startMs = clock.monotonicMs();
    try {
      await this.processor.process(batch);
    } catch (error) {
      throw isRecordsFault(error) ? new ProcessingFailure(batch.records, error) : error;
    }
    metrics.batchDuration.observe({ stage: 'process' }, (clock.monotonicMs() - startMs) / 1000);
  }

  async #passed(records: readonly StreamRecord[]): Promise<void> {
    const { careful, checkpoints, options } = this.#with;
    const last = records.at(-1);
    if (!last) return;
    this.#recordsCount += records.length;
    options.metrics.lastRecordProcessed.set({ shard_id: this.#shardId }, last.arrivalTimeMs / 1000);
    this.#position = afterRecord(last.sequenceNumber, last.subSequenceNumber);
    const hasPassedSuspects = careful.passed(last);
    if (this.#guilty.length > 0) await this.#setAside();
    // So that records that passed careful reading need not be read again.
    else if (hasPassedSuspects || checkpoints.isDue) await this.checkpointHere();
  }

  async #passOver({ record, guilt }: Piece & { type: 'guilty' }): Promise<void> {
    this.#position = afterRecord(record.sequenceNumber, record.subSequenceNumber);
    this.#guilty.push({ record, guilt });
    const inRow = this.#with.careful.passedOver(record);
    // The process might end before another record is processed, and the decision about this one
    // would be lost.
    if (guilt.because === 'process_ended') return this.#setAside();
    if (inRow <= guiltyInRowMax) return;
    const why = `${inRow} records in a row cannot be processed, even one at a time`;
    throw new SetAsideLimitError(this.#shardId, why, { cause: guilt.error });
  }

  /** If no record comes after them, nothing can show that processing works. */
  async #setAsideAtTip({ type, batch }: ShardRead & { readonly batch: Batch }): Promise<void> {
    const isTip = batch.records.length === 0 && batch.behindLatestMs === 0;
    if (this.#guilty.length > 0 && (isTip || type === 'shard_end')) await this.#setAside();
  }

  /**
   * The letters first, then the checkpoint that names them. A crash in between repeats the letters.
   */
  async #setAside(): Promise<void> {
    const { options, checkpoints } = this.#with;
    const { deadLetters, stage, stream, metrics } = options;
    const guilty = this.#guilty;
    const shardId = this.#shardId;
    checkpoints.assertRoomFor(guilty.length);
    await deadLetters.put(guilty.map((each) => letterOf(each, { stage, stream, shardId })));
    await this.#checkpoint(this.#position, guilty);
    this.#guilty = [];
    for (const { record, guilt } of guilty) {
      metrics.recordsSetAside.inc({ because: guilt.because });
      const fields = { stream, shardId, ...idOf(record), because: guilt.because };
      options.log.error(
        { ...fields, ...(guilt.because === 'it_threw' ? { err: guilt.error } : {}) },
        'Set a record aside, because processing it failed. Fix the service, then send the record again from the dead letters.',
      );
    }
  }

  async #checkpoint(
    position: ReadPosition | { readonly type: 'SHARD_END' },
    guilty: readonly GuiltyRecord[] = [],
  ): Promise<void> {
    const { checkpoints, careful } = this.#with;
    if (position.type === 'AT_SEQUENCE_NUMBER') return;
    const setAside = guilty.map(setAsideRecord);
    await checkpoints.write(this.processor, { position, readToMs: this.#readToMs, setAside });
    if (position.type === 'AFTER_SEQUENCE_NUMBER') careful.checkpointed(position);
  }

  #observe({ records, behindLatestMs }: Batch): void {
    const { options, shared } = this.#with;
    const { clock, metrics } = options;
    const labels = { shard_id: this.#shardId };
    const last = records.at(-1);
    if (last) {
      metrics.recordsReceived.inc(records.length);
      metrics.batchRecords.observe(records.length);
      metrics.bytesReceived.inc(records.reduce((sum, { data }) => sum + data.length, 0));
    }
    this.#readToMs = clock.nowMs() - behindLatestMs;
    shared.behindLatest.set(this.#shardId, behindLatestMs);
    const ageMs = last ? Math.max(0, clock.nowMs() - last.arrivalTimeMs) : behindLatestMs;
    metrics.iteratorAge.set(labels, ageMs / 1000);
    // Only an empty reply at the tip is quiet; an empty reply behind it says nothing.
    const isQuiet = !last && behindLatestMs === 0;
    const nowMs = clock.monotonicMs();
    this.#quietSinceMs = isQuiet ? (this.#quietSinceMs ?? nowMs) : undefined;
    // Only up to the last reply, not up to now, because silence proves nothing.
    this.#quietMs = this.#quietSinceMs === undefined ? -1 : nowMs - this.#quietSinceMs;
  }

  async #tick(signal: AbortSignal): Promise<void> {
    const { options, shared } = this.#with;
    const { clock, timing } = options;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#lastTickMs < tickIntervalMs) return;
    this.#lastTickMs = nowMs;
    using _ = await shared.isolation.enter('together', signal);
    // Its errors are not about one record, and end the process.
    await this.processor.tick(clock.nowMs(), this.#quietMs >= timing.idleAfterMs);
  }
}
