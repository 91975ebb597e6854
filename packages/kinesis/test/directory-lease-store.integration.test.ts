import { describe, expect, it } from 'vitest';
import { DirectoryLeaseStore } from '../src/index.ts';
import { describeLeaseStore } from './lease-store-contract.ts';
import { temporaryDirectory } from './temporary-directory.ts';

describeLeaseStore('DirectoryLeaseStore', async () => {
  const directory = await temporaryDirectory();
  return {
    store: await DirectoryLeaseStore.open(directory.path),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
});

describe('DirectoryLeaseStore', () => {
  it('finds the leases of the previous process', async () => {
    await using directory = await temporaryDirectory();
    const before = await DirectoryLeaseStore.open(directory.path);
    const position = { type: 'TRIM_HORIZON' } as const;
    await before.create({ shardId: 'shardId-0', parentShardIds: [], checkpoint: { position } });
    const after = await DirectoryLeaseStore.open(directory.path);
    expect(await after.list()).toEqual(await before.list());
  });
});
