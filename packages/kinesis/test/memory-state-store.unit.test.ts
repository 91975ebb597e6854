import { MemoryStateStore } from '@highwater/testkit';
import { describeStateStore } from './state-store-contract.ts';

describeStateStore('MemoryStateStore', async () => {
  const store = new MemoryStateStore();
  return {
    store,
    damage: async (key, content) => store.damage(key, content),
    async [Symbol.asyncDispose]() {},
  };
});
