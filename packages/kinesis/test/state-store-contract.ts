import { damage, SeededRandom } from '@highwater/testkit';
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { StateError, type StateStore } from '../src/index.ts';

/** For more damages: `HW_DAMAGES=100000`. */
const damagesCount = Number(process.env['HW_DAMAGES'] ?? 2_000);

/** A store for one test, a way to damage an object in it, and its disposal. */
export interface OpenedStateStore extends AsyncDisposable {
  readonly store: StateStore;
  /** Replaces an object with something else. */
  readonly damage: (key: string, content: Buffer) => Promise<void>;
}

/** The promises of every state store; see `StateStore`. */
export function describeStateStore(name: string, open: () => Promise<OpenedStateStore>): void {
  describe(`${name} as a state store`, () => {
    it('returns the stored bytes, whatever their size', async () => {
      await using opened = await open();
      for (const bytes of [0, 1, 100_000]) {
        const state = randomBytes(bytes);
        const ref = await opened.store.put(`shardId-0/1-${bytes}.snapshot`, state);
        expect(ref).toMatchObject({ key: `shardId-0/1-${bytes}.snapshot`, bytes });
        expect(Buffer.from(await opened.store.get(ref)).equals(state)).toBe(true);
      }
    });

    it('accepts the same object again, as after a lost reply', async () => {
      await using opened = await open();
      const state = randomBytes(10);
      const ref = await opened.store.put('shardId-0/1-1.snapshot', state);
      expect(await opened.store.put('shardId-0/1-1.snapshot', state)).toEqual(ref);
    });

    it('reports a missing object', async () => {
      await using opened = await open();
      const ref = await opened.store.put('shardId-0/1-1.snapshot', randomBytes(10));
      await opened.store.remove(ref);
      await expect(opened.store.get(ref)).rejects.toThrow(StateError);
    });

    it('reports a damaged object', async () => {
      await using opened = await open();
      const ref = await opened.store.put('shardId-0/1-1.snapshot', randomBytes(10));
      await opened.damage(ref.key, Buffer.from('damaged'));
      await expect(opened.store.get(ref)).rejects.toThrow(StateError);
    });

    // Goal: a processor never receives damaged state. Method: thousands of damages, each of which
    // must cause an error that names the object, or have changed nothing.
    it('never returns anything but the stored bytes', async () => {
      await using opened = await open();
      const random = new SeededRandom('snapshot-damage');
      const content = Buffer.from(Array.from({ length: 3_000 }, () => random.int(0, 255)));
      const ref = await opened.store.put('shardId-0/1-1.snapshot', content);
      const silent: string[] = [];
      let refusedCount = 0;
      for (let at = 0; at < damagesCount; at += 1) {
        const { what, bytes } = damage(content, at, random);
        if (bytes) await opened.damage(ref.key, bytes);
        else await opened.store.remove(ref);
        const read = await opened.store.get(ref).catch((error: unknown) => error);
        if (read instanceof StateError && read.message.includes(ref.key)) refusedCount += 1;
        else if (!isSame(read, content)) silent.push(`${what}: ${inspect(read)}`);
      }
      expect(silent).toEqual([]);
      expect(refusedCount).toBeGreaterThan(0.9 * damagesCount);
    });

    it('removes an object that is already gone', async () => {
      await using opened = await open();
      const ref = await opened.store.put('shardId-0/1-1.snapshot', randomBytes(10));
      await opened.store.remove(ref);
      await expect(opened.store.remove(ref)).resolves.toBeUndefined();
    });

    it('removes one object and leaves its neighbors', async () => {
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

function isSame(read: unknown, content: Buffer): boolean {
  return read instanceof Uint8Array && content.equals(read);
}
