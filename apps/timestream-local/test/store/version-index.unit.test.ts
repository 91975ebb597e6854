import { describe, expect, it } from 'vitest';
import { blockNs, VersionIndex } from '../../src/store/version-index.ts';

describe('the versions in memory', () => {
  // Goal: records that lie far apart in time are bounded too, though each takes a block of its own.
  // Method: one record an hour; how many hours have to be read from the file again.
  it('are bounded by what they take, however few records an hour has', async () => {
    const loaded: bigint[] = [];
    const index = new VersionIndex({
      slotsMax: 640,
      loadBlock: (_, fromNs) => {
        loaded.push(fromNs);
        return Promise.resolve();
      },
    });
    const hours = Array.from({ length: 100 }, (_, hour) => BigInt(hour) * blockNs);
    for (const timeNs of hours) {
      await index.require([timeNs]);
      index.set(1, timeNs, { version: 1n, fingerprint: 0n });
      index.trim();
    }
    expect(loaded).toEqual([]);
    await index.require(hours.toReversed());
    expect(loaded).toHaveLength(90);
  });
});
