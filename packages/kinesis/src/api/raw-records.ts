import { compareSequence, type ShardPosition, type StreamRecord } from '@highwater/model';

/** The records after a position. A reply may repeat records that were already delivered. */
export function recordsAfter(
  position: ShardPosition,
  records: readonly StreamRecord[],
): readonly StreamRecord[] {
  if (position.type !== 'AFTER_SEQUENCE_NUMBER') return records;
  const { sequenceNumber } = position;
  const first = records[0];
  if (!first || compareSequence(first.sequenceNumber, sequenceNumber) > 0) return records;
  return records.filter((record) => compareSequence(record.sequenceNumber, sequenceNumber) > 0);
}

/** The buffer space of the records: data and partition keys, as the service counts them. */
export function batchBytes(records: readonly StreamRecord[]): number {
  let bytes = 0;
  for (const { data, partitionKey } of records) bytes += data.length + partitionKey.length;
  return bytes;
}
