import { describe, expect, it } from 'vitest';
import type { AccountStorage } from '../src/index.ts';
import { StateSaver } from '../src/state-saver.ts';

/** A storage whose writes end when the test decides. */
class SlowStorage implements AccountStorage {
  readonly restoredState = undefined;
  readonly saved: string[] = [];
  readonly #writes: { resolve: () => void; reject: (error: Error) => void }[] = [];

  async saveState(state: string): Promise<void> {
    await new Promise<void>((resolve, reject) => this.#writes.push({ resolve, reject }));
    this.saved.push(state);
  }

  openLog(): never {
    throw new Error('there are no logs');
  }

  /** Ends the write in progress. */
  async end(error?: Error): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    const write = this.#writes.shift();
    if (error === undefined) write?.resolve();
    else write?.reject(error);
  }

  get isWriting(): boolean {
    return this.#writes.length > 0;
  }
}

describe('StateSaver', () => {
  it('writes one state at a time, and the newest for all calls that arrived in the meantime', async () => {
    const storage = new SlowStorage();
    let state = 'a';
    const saver = new StateSaver(storage, () => state);
    const first = saver.save();
    await storage.end();
    await first;
    state = 'b';
    const second = saver.save();
    await new Promise((resolve) => setImmediate(resolve));
    state = 'c';
    const later = [saver.save(), saver.save()];
    state = 'd';
    await storage.end();
    await second;
    await storage.end();
    await Promise.all(later);
    await saver.settled();
    expect(storage.saved).toEqual(['a', 'b', 'd']);
  });

  it('reports a failure to its caller, and retries for the next caller', async () => {
    const storage = new SlowStorage();
    const saver = new StateSaver(storage, () => 'a');
    const failing = saver.save();
    await Promise.all([expect(failing).rejects.toThrow('full'), storage.end(new Error('full'))]);
    const settled = [saver.settled(), saver.settled()];
    await storage.end();
    await Promise.all(settled);
    expect(storage.saved).toEqual(['a']);
    expect(storage.isWriting).toBe(false);
  });
});
