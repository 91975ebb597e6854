import { loadConfig, systemClock, systemRandom } from '@highwater/service';
import { defineStoreMetrics } from '@highwater/store-kit';
import { openStore, storeConfig } from '@highwater/stores';
import type { Row, StoreTable } from '@highwater/model';
import { silentLogger } from '@highwater/testkit';
import { Registry } from 'prom-client';

const batchRows = 5_000;

/** Puts rows in a table of the store that some settings name, past the pipeline. */
export async function fillStore(
  settings: Readonly<Record<string, string>>,
  rows: Iterable<Row>,
  table: StoreTable,
): Promise<number> {
  const { signal } = new AbortController();
  await using store = await openStore(loadConfig(storeConfig, settings), table, {
    clock: systemClock,
    random: systemRandom,
    log: silentLogger,
    metrics: defineStoreMetrics(new Registry()),
    signal,
  });
  let count = 0;
  let batch: Row[] = [];
  for (const row of rows) {
    batch.push(row);
    count += 1;
    if (batch.length < batchRows) continue;
    await store.write(batch, signal);
    batch = [];
  }
  await store.write(batch, signal);
  return count;
}
