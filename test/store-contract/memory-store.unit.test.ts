import { MemoryStore } from '@highwater/testkit';
import { describe, expect, it } from 'vitest';
import { storeContract } from './store-contract.ts';

describe('MemoryStore', () => {
  const store = new MemoryStore();
  it.each(storeContract)('$title', async ({ hold }) => {
    await expect(hold(store)).resolves.toBeUndefined();
  });
});
