import type { OpenStore, RowReader, StoreTable } from '@highwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeContract } from '../store-contract/store-contract.ts';
import { openReader, openTable } from './clickhouse-fixture.ts';
import type { Engine } from './start-engine.ts';
import { temporaryEngine } from './temporary-engine.ts';

const stack = new AsyncDisposableStack();
let engine: Engine;

beforeAll(async () => {
  engine = stack.use(await temporaryEngine());
});
afterAll(() => stack.disposeAsync());

describe.each<StoreTable>(['raw', 'views'])('ClickhouseStore, table %s', (table) => {
  let store: OpenStore;
  let reader: RowReader;
  beforeAll(async () => {
    store = stack.use(await openTable(engine, table));
    reader = stack.use(openReader(engine));
  });

  it.each(storeContract)('$title', async ({ hold }) => {
    await expect(hold(store, reader)).resolves.toBeUndefined();
  });
});
