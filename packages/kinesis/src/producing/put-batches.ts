import type { OutgoingRecord } from '@highwater/model';

/** Maximum entries of one PutRecords call. */
export const batchRecordsMax = 500;
/**
 * Maximum bytes of data and partition keys per PutRecords call, accepted by every version of the
 * service.
 */
export const batchBytesMax = 5 * 1024 * 1024;
/** Maximum bytes of data and partition key per record, on a stream without large records. */
export const recordBytesMax = 1024 * 1024;

/** The bytes of a record that Kinesis counts: its data and its partition key in UTF-8. */
export function recordBytes(record: OutgoingRecord): number {
  return record.data.length + Buffer.byteLength(record.partitionKey);
}

/** Divides records into batches as full as the limits of PutRecords allow, in order. */
export function putBatches(
  records: readonly OutgoingRecord[],
): readonly (readonly OutgoingRecord[])[] {
  const batches: OutgoingRecord[][] = [];
  let batch: OutgoingRecord[] = [];
  let batchBytes = 0;
  for (const record of records) {
    const bytes = recordBytes(record);
    if (
      batch.length === batchRecordsMax ||
      (batch.length > 0 && batchBytes + bytes > batchBytesMax)
    ) {
      batches.push(batch);
      batch = [];
      batchBytes = 0;
    }
    batch.push(record);
    batchBytes += bytes;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
