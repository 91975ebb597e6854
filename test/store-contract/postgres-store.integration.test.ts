import type { OpenStore } from '@highwater/model';
import type { PostgresServer } from '@highwater/postgres-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTable } from './postgres-fixture.ts';
import { storeContract } from './store-contract.ts';
import { temporaryPostgres } from './temporary-postgres.ts';

const stack = new AsyncDisposableStack();
let server: PostgresServer;

beforeAll(async () => {
  ({ server } = stack.use(await temporaryPostgres()));
});
afterAll(() => stack.disposeAsync());

describe.each(['raw', 'views', 'corrections'] as const)('PostgresStore, table %s', (table) => {
  let store: OpenStore;
  beforeAll(async () => {
    store = stack.use(await openTable(server, table));
  });

  it.each(storeContract)('$title', async ({ hold }) => {
    await expect(hold(store)).resolves.toBeUndefined();
  });
});
