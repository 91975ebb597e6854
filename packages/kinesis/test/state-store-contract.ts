import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { StateError, type StateStore } from '../src/index.ts';

/** A store for one test, a way to spoil an object of it, and what ends it. */
export interface OpenedStateStore extends AsyncDisposable {
  readonly store: StateStore;
  readonly damage: (key: string) => Promise<void>;
}

/** What every state store promises; see `StateStore`. */
export function describeStateStore(name: string, open: () => Promise<OpenedStateStore>): void {
  describe(`${name} as a state store`, () => {
    it('gives back what was put, whatever its size', async () => {
      await using opened = await open();
      for (const bytes of [0, 1, 100_000]) {
        const state = randomBytes(bytes);
        const ref = await opened.store.put(`shardId-0/1-${bytes}.snapshot`, state);
        expect(ref).toMatchObject({ key: `shardId-0/1-${bytes}.snapshot`, bytes });
        expect(Buffer.from(await opened.store.get(ref)).equals(state)).toBe(true);
      }
    });

    it('accepts the same object again, as after a reply that was lost', async () => {
      await using opened = await open();
      const state = randomBytes(10);
      const ref = await opened.store.put('shardId-0/1-1.snapshot', state);
      expect(await opened.store.put('shardId-0/1-1.snapshot', state)).toEqual(ref);
    });

    it('says so when an object is missing', async () => {
      await using opened = await open();
      const ref = await opened.store.put('shardId-0/1-1.snapshot', randomBytes(10));
      await opened.store.remove(ref);
      await expect(opened.store.get(ref)).rejects.toThrow(StateError);
    });

    it('says so when an object is damaged', async () => {
      await using opened = await open();
      const ref = await opened.store.put('shardId-0/1-1.snapshot', randomBytes(10));
      await opened.damage(ref.key);
      await expect(opened.store.get(ref)).rejects.toThrow(StateError);
    });

    it('removes an object that is gone already', async () => {
      await using opened = await open();
      const ref = await opened.store.put('shardId-0/1-1.snapshot', randomBytes(10));
      await opened.store.remove(ref);
      await expect(opened.store.remove(ref)).resolves.toBeUndefined();
    });

    it('removes one object and leaves its neighbours', async () => {
      await using opened = await open();
      const state = randomBytes(10);
      const [first, second] = [
        await opened.store.put('shardId-0/1-1.snapshot', state),
        await opened.store.put('shardId-0/1-2.snapshot', state),
      ];
      await opened.store.remove(first);
      expect(Buffer.from(await opened.store.get(second)).equals(state)).toBe(true);
    });
  });
}
