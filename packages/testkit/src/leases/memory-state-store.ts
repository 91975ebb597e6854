import { StateError, type StateRef, type StateStore } from '@highwater/kinesis';
import { createHash } from 'node:crypto';

/** Snapshots in memory, each written once, like objects in a bucket. */
export class MemoryStateStore implements StateStore {
  readonly #states = new Map<string, Uint8Array>();

  /** Keys of the stored snapshots, for tests of their removal. */
  get keys(): readonly string[] {
    return [...this.#states.keys()];
  }

  async put(key: string, state: Uint8Array): Promise<StateRef> {
    await Promise.resolve();
    const known = this.#states.get(key);
    if (known && sha256(known) !== sha256(state))
      throw new StateError(key, 'it holds something else');
    this.#states.set(key, state.slice());
    return { key, sha256: sha256(state), bytes: state.length };
  }

  async get(ref: StateRef): Promise<Uint8Array> {
    await Promise.resolve();
    const state = this.#states.get(ref.key);
    if (!state) throw new StateError(ref.key, 'there is no such object');
    if (sha256(state) !== ref.sha256) throw new StateError(ref.key, 'it holds something else');
    return state.slice();
  }

  async remove(ref: StateRef): Promise<void> {
    await Promise.resolve();
    this.#states.delete(ref.key);
  }

  /** Damages a snapshot, as a bad disk would. */
  damage(key: string, content: Uint8Array = Buffer.from('damaged')): void {
    this.#states.set(key, content);
  }

  /** Deletes every snapshot. */
  clear(): void {
    this.#states.clear();
  }
}

function sha256(state: Uint8Array): string {
  return createHash('sha256').update(state).digest('hex');
}
