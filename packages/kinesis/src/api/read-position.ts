import { compareSequence, type SequenceNumber, type ShardPosition } from '@highwater/model';

/** Identifies a record of a shard. */
export interface RecordId {
  readonly sequenceNumber: SequenceNumber;
  /** Index in the aggregate. Undefined means 0, the only index of a plain record. */
  readonly subSequenceNumber?: number | undefined;
}

/** "After this record". In an aggregate, this means after this one of its sub-records. */
export interface AfterRecord extends RecordId {
  readonly type: 'AFTER_SEQUENCE_NUMBER';
}

/** Where reading of a shard continues, possibly inside an aggregate. */
export type ReadPosition = Exclude<ShardPosition, { type: 'AFTER_SEQUENCE_NUMBER' }> | AfterRecord;

/** The order in which a shard returns its records: negative, zero, or positive, as for `sort`. */
export function compareRecords(a: RecordId, b: RecordId): number {
  const order = compareSequence(a.sequenceNumber, b.sequenceNumber);
  return order === 0 ? (a.subSequenceNumber ?? 0) - (b.subSequenceNumber ?? 0) : order;
}

/** The identity of a record. 0 is omitted, so that equal identities have equal texts. */
export function idOf({ sequenceNumber, subSequenceNumber }: RecordId): RecordId {
  return subSequenceNumber ? { sequenceNumber, subSequenceNumber } : { sequenceNumber };
}

/**
 * The position after a record, or after a sub-record. 0 is omitted, so that equal positions have
 * equal texts.
 */
export function afterRecord(sequenceNumber: SequenceNumber, sub: number | undefined): AfterRecord {
  const subSequenceNumber = sub ? { subSequenceNumber: sub } : {};
  return { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber, ...subSequenceNumber };
}
