import type { OpenStore } from '@highwater/model';
import type { StoreOptions } from '@highwater/store-kit';
import { ensureTable } from './ensure-table.ts';
import type { CallContext } from './retry.ts';
import { TimestreamStore } from './timestream-store.ts';
import type { TimestreamTable } from './timestream-table.ts';
import { createSdkWriteApi, type WriteApi } from './write-api.ts';

/**
 * Opens the table, creating it and its database if they are missing, and returns when it can be
 * written to.
 *
 * @param api the service; by default through the AWS SDK
 * @throws {TimestreamError} when it cannot be used
 */
export async function openTimestreamStore(
  place: TimestreamTable,
  options: Omit<StoreOptions, 'table' | 'retentionDays'>,
  api: WriteApi = createSdkWriteApi(place, options),
): Promise<OpenStore> {
  const { clock, log, metrics, random, signal, mayCreate, giveUpAfterMs } = options;
  const timeoutMs = options.requestTimeoutMs;
  const context: CallContext = { api, clock, log, metrics, random, timeoutMs, giveUpAfterMs };
  try {
    await ensureTable(context, place, { mayCreate, signal });
  } catch (error) {
    api.close();
    throw error;
  }
  return new TimestreamStore(context, options.requestsInFlightMax);
}
