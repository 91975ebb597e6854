import type { SequenceNumber } from '@highwater/model';
import type { ShardPosition } from './kinesis-api.ts';

/** "After this record": of an aggregate, after this one of its sub-records. */
export interface AfterRecord {
  readonly type: 'AFTER_SEQUENCE_NUMBER';
  readonly sequenceNumber: SequenceNumber;
  /** Index in the aggregate. Absent is 0: a record that is no aggregate has only that. */
  readonly subSequenceNumber?: number | undefined;
}

/** Where the reading of a shard goes on, which may be inside an aggregate. */
export type ReadPosition = Exclude<ShardPosition, { type: 'AFTER_SEQUENCE_NUMBER' }> | AfterRecord;

/** The position after a record, or after a sub-record. 0 is left out, so that equal is written equal. */
export function afterRecord(sequenceNumber: SequenceNumber, sub: number | undefined): AfterRecord {
  const subSequenceNumber = sub ? { subSequenceNumber: sub } : {};
  return { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber, ...subSequenceNumber };
}
