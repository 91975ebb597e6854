import { MemoryLeaseStore } from '@highwater/testkit';
import { describeLeaseStore } from './lease-store-contract.ts';

describeLeaseStore('MemoryLeaseStore', async () => ({
  store: new MemoryLeaseStore(),
  async [Symbol.asyncDispose]() {},
}));
