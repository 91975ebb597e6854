import type { OpenStore } from '@highwater/model';
import type { Config } from '@highwater/settings';
import { defineStoreMetrics } from '@highwater/store-kit';
import { openStore, type StorePorts } from '@highwater/stores';
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
  ports: Omit<StorePorts, 'metrics'>,
): Promise<OpenStore> {
  return openStore(
    {
      ...config,
      HW_STORE_REQUEST_TIMEOUT_MS: Math.min(giveUpAfterMs, config.HW_STORE_REQUEST_TIMEOUT_MS),
      HW_STORE_GIVE_UP_AFTER_MS: giveUpAfterMs,
    },
    'corrections',
    { ...ports, metrics: defineStoreMetrics(new Registry()) },
  );
}
