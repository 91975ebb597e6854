import type { Store } from '@highwater/model';
import {
  defineStoreMetrics,
  openTimestreamStore,
  type TimestreamStoreOptions,
} from '@highwater/timestream';
import type { Config } from '@highwater/settings';
import { Registry } from 'prom-client';
import type { upsertWriterConfig } from './config.ts';

/** How long a write is retried. The rows that follow wait for it. */
const giveUpAfterMs = 5_000;

/**
 * Opens the table of corrections next to the table of rows.
 *
 * Its requests are not counted with those of the rows, and give up soon.
 */
export async function openCorrectionsStore(
  config: Config<typeof upsertWriterConfig>,
  ports: Pick<TimestreamStoreOptions, 'clock' | 'log' | 'random' | 'signal'>,
): Promise<Store & AsyncDisposable> {
  const { HW_TIMESTREAM_CORRECTIONS_TABLE: table, HW_TIMESTREAM_REQUEST_TIMEOUT_MS } = config;
  return openTimestreamStore(
    {
      ...config,
      HW_TIMESTREAM_TABLE: table,
      HW_TIMESTREAM_REQUEST_TIMEOUT_MS: Math.min(giveUpAfterMs, HW_TIMESTREAM_REQUEST_TIMEOUT_MS),
      HW_TIMESTREAM_GIVE_UP_AFTER_MS: giveUpAfterMs,
    },
    { ...ports, metrics: defineStoreMetrics(new Registry()) },
  );
}
