import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makePrivateDirectory, writeDurably } from './durable-file.ts';
import { StateError } from '../errors.ts';
import type { StateRef, StateStore } from './state-store.ts';

/** Stores snapshots as files below a directory: written to a temporary file, synced, renamed. */
export class DirectoryStateStore implements StateStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async put(key: string, state: Uint8Array): Promise<StateRef> {
    const path = join(this.#directory, key);
    await makePrivateDirectory(dirname(path));
    await writeDurably(path, state);
    return { key, sha256: sha256(state), bytes: state.length };
  }

  async get(ref: StateRef): Promise<Uint8Array> {
    const path = join(this.#directory, ref.key);
    let state: Uint8Array;
    try {
      state = await readFile(path);
    } catch (cause) {
      throw new StateError(path, (cause as Error).message, { cause });
    }
    if (sha256(state) !== ref.sha256) {
      throw new StateError(
        path,
        `its ${state.length} bytes differ from the ${ref.bytes} bytes that were saved`,
      );
    }
    return state;
  }

  async remove(ref: StateRef): Promise<void> {
    await rm(join(this.#directory, ref.key), { force: true });
  }
}

function sha256(state: Uint8Array): string {
  return createHash('sha256').update(state).digest('hex');
}
