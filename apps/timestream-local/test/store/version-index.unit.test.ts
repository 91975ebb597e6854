import { describe, expect, it } from 'vitest';
import { blockNs, VersionIndex } from '../../src/store/version-index.ts';

describe('the versions in memory', () => {
  // Goal: memory is also limited for records that are far apart in time, although each takes its
  // own block. Method: one record per minute; count how many minutes have to be read from the file
  // again.
  it('are limited by their memory, however few records a minute has', async () => {
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

  // Otherwise, every write would read the current minute from the file, ever more slowly.
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
