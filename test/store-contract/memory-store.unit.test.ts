import type { OpenStore, RowReader, Store } from '@highwater/model';
import { MemoryStore, MergingStore, SeededRandom, type SimulatedStore } from '@highwater/testkit';
import { describe, expect, it } from 'vitest';
import { expectConvergence } from './convergence.ts';
import { storeContract } from './store-contract.ts';

describe('MemoryStore', () => {
  const store = new MemoryStore();
  it.each(storeContract)('$title', async ({ hold }) => {
    await expect(hold(store)).resolves.toBeUndefined();
  });
});

describe('MergingStore', () => {
  const store = new MergingStore(new SeededRandom('merging'));
  it.each(storeContract)('$title', async ({ hold }) => {
    await expect(hold(mergingStore(store), readerOf(store))).resolves.toBeUndefined();
  });

  it('has several versions of some rows in between', () => {
    expect(store.versionsCount).toBeGreaterThan(store.rows.size);
  });
});

describe.each([
  ['MemoryStore', () => new MemoryStore()],
  ['MergingStore', () => new MergingStore(new SeededRandom('merging'))],
])('%s, with lost replies', (_, make) => {
  it('has the highest version of every row', async () => {
    const store = make();
    const random = new SeededRandom('lost');
    const open = async (): Promise<Store> => ({
      async write(rows, signal) {
        // The writer does not know that it was done, and does it again.
        if (random.chance(0.3)) await store.write(rows, signal);
        return store.write(rows, signal);
      },
    });
    const read = async () => [...store.rows.values()];
    const { casesCount } = await expectConvergence({ open, read }, 'memory');
    expect(casesCount).toBeGreaterThanOrEqual(10_000);
    expect(store.conflicts).toEqual([]);
  });
});

function mergingStore(store: MergingStore): OpenStore {
  return {
    abilities: {
      keepsHighestVersion: 'on_merge',
      detectsConflicts: false,
      refusesOldTimes: false,
      batchRowsMax: Number.MAX_SAFE_INTEGER,
      batchBytesMax: Number.MAX_SAFE_INTEGER,
    },
    write: (rows, signal) => store.write(rows, signal),
    [Symbol.asyncDispose]: async () => {},
  };
}

/** As much of a reader as the contract asks. */
function readerOf(store: SimulatedStore): RowReader {
  const reader: Pick<RowReader, 'points'> = {
    async points({ measure, fromMs, toMs, filters, by = '' }) {
      const items = [...store.rows.values()].flatMap((row) => {
        const timeMs = Number(row.time) * (row.timeUnit === 'SECONDS' ? 1_000 : 1);
        const values = new Map(row.dimensions.map(({ name, value }) => [name, value]));
        const isChosen =
          row.measureName === measure &&
          timeMs >= fromMs &&
          timeMs <= toMs &&
          Object.entries(filters).every(([name, chosen]) =>
            chosen.includes(values.get(name) ?? ''),
          );
        const group = values.get(by) ?? '';
        return isChosen ? [{ group, timeMs, value: Number(row.measureValue) }] : [];
      });
      return { items, isTruncated: false, elapsedMs: 0 };
    },
  };
  return reader as RowReader;
}
