import type { JsonObject } from '../../src/http/operation.ts';
import type { Store } from '../../src/store/store.ts';
import { databaseOperations } from '../../src/write/databases.ts';
import { tableOperations } from '../../src/write/tables.ts';
import { writeRecords } from '../../src/write/write-records.ts';

const nobody = {
  userAgent: '',
  hostHeader: '',
  isSecure: false,
  signal: new AbortController().signal,
};

/**
 * WriteRecords without a socket, on a store with two tables: `short`, whose memory store keeps six
 * hours, and `long`, whose magnetic store accepts one more day.
 */
export async function writingOn(
  store: Store,
  nowMs: () => number,
): Promise<(input: JsonObject) => Promise<object>> {
  const context = { store, region: 'us-east-1', nowMs, isStrict: false, onRecords: () => {} };
  await databaseOperations(context)['CreateDatabase']?.({ DatabaseName: 'dbx' }, nobody);
  for (const TableName of ['short', 'long']) {
    const input = {
      DatabaseName: 'dbx',
      TableName,
      RetentionProperties: {
        MemoryStoreRetentionPeriodInHours: 6,
        MagneticStoreRetentionPeriodInDays: 1,
      },
      MagneticStoreWriteProperties: { EnableMagneticStoreWrites: TableName === 'long' },
    };
    await tableOperations(context)['CreateTable']?.(input, nobody);
  }
  return writeRecords(context);
}
