import { compareSequence, type StreamRecord } from '@highwater/model';
import { Aggregate, hasAggregateMagic } from '../kpl/aggregate.ts';
import type { ConsumerMetrics } from '../consumer-metrics.ts';
import { ForeignRecords, type ForeignPolicy } from '../kpl/foreign-records.ts';
import type { HashKeyRange } from '../api/hash-key.ts';
import { afterRecord, type AfterRecord, type ReadPosition } from '../api/read-position.ts';
import type { ShardRead, ShardReader } from './shard-reader.ts';

/** The options of unpacking. */
export interface UnpackingOptions {
  readonly reader: ShardReader;
  /** The position of the last delivery; undefined if reading starts with a whole record. */
  readonly after?: AfterRecord | undefined;
  /** Maximum records per delivery, because an aggregate can contain a hundred thousand. */
  readonly batchRecordsMax: number;
  readonly foreign: ForeignPolicy;
  /** The shard's hash keys, looked up when there is an aggregate. */
  readonly findRange: () => Promise<HashKeyRange | undefined>;
  readonly metrics: ConsumerMetrics;
}

/** A read that is delivered in pieces. */
interface Unpacking {
  readonly read: Exclude<ShardRead, { type: 'nothing' }>;
  readonly records: Iterator<StreamRecord, void>;
  /** One ahead, so that the last piece is recognized. */
  next: StreamRecord | undefined;
}

/**
 * Unpacks the aggregates that another reader reads. Each sub-record becomes a record with the
 * sequence number and the arrival time of its aggregate, its own partition key, and its index as
 * sub-sequence number. A record that only looks like an aggregate stays a plain record.
 */
export class UnpackingReader implements ShardReader {
  readonly #options: UnpackingOptions;
  #after: AfterRecord | undefined;
  #unpacking: Unpacking | undefined;
  #foreign: ForeignRecords | undefined;
  /** Index of the last sub-record of the last unpacked record. */
  #lastSub = 0;

  constructor(options: UnpackingOptions) {
    this.#options = options;
    this.#after = options.after;
  }

  async read(signal: AbortSignal): Promise<ShardRead> {
    if (this.#unpacking) return this.#piece(this.#unpacking);
    const read = await this.#options.reader.read(signal);
    if (read.type === 'nothing') return read;
    const { records } = read.batch;
    const hasAggregates = records.some(({ data }) => hasAggregateMagic(data));
    if (!hasAggregates && !this.#after) return read;
    if (hasAggregates) this.#foreign ??= await this.#findForeign();
    const unpacked = this.#unpack(records);
    this.#unpacking = { read, records: unpacked, next: unpacked.next().value ?? undefined };
    return this.#piece(this.#unpacking);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#options.reader[Symbol.asyncDispose]();
  }

  async #findForeign(): Promise<ForeignRecords> {
    const { foreign, findRange, metrics } = this.#options;
    return new ForeignRecords(foreign, await findRange(), metrics);
  }

  #piece(unpacking: Unpacking): ShardRead {
    const { read, records } = unpacking;
    const piece: StreamRecord[] = [];
    while (unpacking.next && piece.length < this.#options.batchRecordsMax) {
      piece.push(unpacking.next);
      unpacking.next = records.next().value ?? undefined;
    }
    const last = piece.at(-1);
    if (unpacking.next && last) {
      const behindLatestMs = Math.max(1, read.batch.behindLatestMs);
      const batch = { ...read.batch, records: piece, behindLatestMs };
      return {
        type: 'batch',
        batch,
        position: afterRecord(last.sequenceNumber, last.subSequenceNumber),
      };
    }
    this.#unpacking = undefined;
    return { ...read, batch: { ...read.batch, records: piece }, position: this.#endOf(read) };
  }

  /** After the last record with all its sub-records, or where the read itself says. */
  #endOf({ batch, position }: Unpacking['read']): ReadPosition | undefined {
    const last = batch.records.at(-1);
    if (!last) return position;
    const isFurther =
      position?.type === 'AFTER_SEQUENCE_NUMBER' &&
      compareSequence(position.sequenceNumber, last.sequenceNumber) > 0;
    return isFurther ? position : afterRecord(last.sequenceNumber, this.#lastSub);
  }

  *#unpack(records: readonly StreamRecord[]): Generator<StreamRecord, void, undefined> {
    for (const record of records) {
      this.#lastSub = 0;
      const aggregate = this.#open(record);
      if (aggregate) {
        this.#lastSub = Math.max(0, aggregate.recordsCount - 1);
        yield* this.#subRecords(record, aggregate);
      } else if (!this.#isDelivered(record, 0)) yield record;
    }
  }

  /** @returns undefined when the record is not an aggregate; counts real and apparent aggregates */
  #open({ data }: StreamRecord): Aggregate | undefined {
    if (!hasAggregateMagic(data)) return undefined;
    const aggregate = Aggregate.open(data);
    let outcome = 'broken';
    if (aggregate) outcome = aggregate.recordsCount === 0 ? 'empty' : 'unpacked';
    this.#options.metrics.aggregates.inc({ outcome });
    return aggregate;
  }

  *#subRecords(
    { sequenceNumber, arrivalTimeMs }: StreamRecord,
    aggregate: Aggregate,
  ): Generator<StreamRecord, void, undefined> {
    let subSequenceNumber = -1;
    for (const sub of aggregate.records()) {
      subSequenceNumber += 1;
      if (this.#isDelivered({ sequenceNumber }, subSequenceNumber)) continue;
      if (this.#foreign?.isDropped(sub) === true) continue;
      const { partitionKey, data } = sub;
      yield { sequenceNumber, subSequenceNumber, partitionKey, data, arrivalTimeMs };
    }
  }

  #isDelivered({ sequenceNumber }: Pick<StreamRecord, 'sequenceNumber'>, sub: number): boolean {
    if (!this.#after) return false;
    const order = compareSequence(sequenceNumber, this.#after.sequenceNumber);
    if (order < 0 || (order === 0 && sub <= (this.#after.subSequenceNumber ?? 0))) return true;
    this.#after = undefined;
    return false;
  }
}
