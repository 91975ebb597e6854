import { describe, expect, it } from 'vitest';
import { blockNs, VersionIndex } from '../../src/store/version-index.ts';

describe('the versions in memory', () => {
  // Goal: records that lie far apart in time are bounded too, though each takes a block of its own.
  // Method: one record a minute; how many minutes have to be read from the file again.
  it('are bounded by what they take, however few records a minute has', async () => {
    const loaded: bigint[] = [];
    const index = new VersionIndex({
      slotsMax: 640,
      loadBlock: (_, fromNs) => {
        loaded.push(fromNs);
        return Promise.resolve();
      },
    });
    const minutes = Array.from({ length: 100 }, (_, minute) => BigInt(minute) * blockNs);
    for (const timeNs of minutes) {
      await index.require([timeNs]);
      index.set(1, timeNs, { version: 1n, fingerprint: 0n });
      index.trim();
    }
    expect(loaded).toEqual([]);
    await index.require(minutes.toReversed());
    expect(loaded).toHaveLength(90);
  });

  // Else every write would read the minute that is being written from the file, ever slower.
  it('keep the minute of the last write, however many records it has', async () => {
    let loadsCount = 0;
    const index = new VersionIndex({
      slotsMax: 640,
      loadBlock: () => {
        loadsCount += 1;
        return Promise.resolve();
      },
    });
    for (let series = 0; series < 10_000; series += 100) {
      await index.require([0n]);
      for (let more = 0; more < 100; more++) {
        index.set(series + more, 0n, { version: 1n, fingerprint: 0n });
      }
      index.trim();
    }
    expect(loadsCount).toBe(0);
    expect(index.find(0, 0n)).toEqual({ version: 1n, fingerprint: 0n });
  });
});
