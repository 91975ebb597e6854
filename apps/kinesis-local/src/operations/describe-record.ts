import type { LoggedRecord, MemoryShard } from '@highwater/kinesis-engine';
import type { WireFormat } from '../wire/wire-formats.ts';

/** A record as readers receive it. */
export function describeRecord(
  record: LoggedRecord,
  shard: MemoryShard,
  encryptionKeyId: string | undefined,
  wire: WireFormat,
): object {
  return {
    SequenceNumber: shard.minter.of(record.index, record.arrivalMs),
    ApproximateArrivalTimestamp: wire.time(record.arrivalMs),
    Data: wire.blob(record.data),
    PartitionKey: record.partitionKey,
    EncryptionType: encryptionKeyId === undefined ? undefined : 'KMS',
  };
}
