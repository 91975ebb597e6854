import { MemoryStore } from '@highwater/testkit';
import { describe } from 'vitest';
import { itKeepsTheContract } from './store-contract.ts';

describe('MemoryStore', () => {
  const store = new MemoryStore();
  itKeepsTheContract(() => store);
});
