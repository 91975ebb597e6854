import type { RowReader } from '@highwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { panelContract } from '../grafana/panel-contract.ts';
import { fillStoreForReading, type FilledStore } from '../store-contract/filled-store.ts';
import { openReader, openTable } from './clickhouse-fixture.ts';
import { temporaryEngine } from './temporary-engine.ts';

const stack = new AsyncDisposableStack();
let reader: RowReader;
let filled: FilledStore;

beforeAll(async () => {
  const engine = stack.use(await temporaryEngine());
  filled = await fillStoreForReading({
    open: (table) => openTable(engine, table),
    seed: 'grafana',
  });
  reader = stack.use(openReader(engine));
});
afterAll(() => stack.disposeAsync());

describe('the dashboard of rows in ClickHouse', () => {
  it.each(panelContract)('has the panel $title', async ({ hold }) => {
    await expect(hold({ engine: 'clickhouse', reader, filled })).resolves.toBeUndefined();
  });
});
