import { StateError, type StateRef, type StateStore } from '@highwater/kinesis';

/** Snapshots in memory. */
export class MemoryStateStore implements StateStore {
  readonly #states = new Map<string, Uint8Array>();

  async put(key: string, state: Uint8Array): Promise<StateRef> {
    await Promise.resolve();
    this.#states.set(key, state.slice());
    return { key, sha256: '', bytes: state.length };
  }

  async get(ref: StateRef): Promise<Uint8Array> {
    await Promise.resolve();
    const state = this.#states.get(ref.key);
    if (!state) throw new StateError(ref.key, 'there is no such object');
    return state;
  }

  async remove(ref: StateRef): Promise<void> {
    await Promise.resolve();
    this.#states.delete(ref.key);
  }
}
