import type { Clock, Logger, Store } from '@highwater/model';
import type { TimestreamConfig } from './config.ts';
import { ensureTable } from './ensure-table.ts';
import type { StoreMetrics } from './metrics.ts';
import type { CallContext } from './retry.ts';
import { TimestreamStore } from './timestream-store.ts';
import { createSdkWriteApi, type WriteApi } from './write-api.ts';

export interface TimestreamStoreOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: StoreMetrics;
  /** Cancels the opening. Later calls have their own signals. */
  readonly signal: AbortSignal;
  /** For the jitter of retries, uniform in [0, 1). */
  readonly random: () => number;
  /** The service. @default the AWS SDK */
  readonly api?: WriteApi | undefined;
}

/**
 * Opens the table, creating it and its database if they are missing, and returns when it can be
 * written to.
 *
 * @throws {TimestreamError} when it cannot be used
 */
export async function openTimestreamStore(
  config: TimestreamConfig,
  { signal, api = createSdkWriteApi(config), ...ports }: TimestreamStoreOptions,
): Promise<Store & AsyncDisposable> {
  const context: CallContext = {
    ...ports,
    api,
    timeoutMs: config.HW_TIMESTREAM_REQUEST_TIMEOUT_MS,
    giveUpAfterMs: config.HW_TIMESTREAM_GIVE_UP_AFTER_MS,
  };
  try {
    await ensureTable(context, config, signal);
  } catch (error) {
    api.close();
    throw error;
  }
  return new TimestreamStore(context, config.HW_TIMESTREAM_REQUESTS_IN_FLIGHT_MAX);
}
