import type { AccountStorage } from './log-storage.ts';

/** Saves the state of an account: one write at a time, each with the state at its start. */
export class StateSaver {
  readonly #storage: AccountStorage;
  readonly #encode: () => string;
  #saved: Promise<void> = Promise.resolve();
  /** A save that has not started yet. Calls until then share it. */
  #waiting: Promise<void> | undefined;

  constructor(storage: AccountStorage, encode: () => string) {
    this.#storage = storage;
    this.#encode = encode;
  }

  /** Resolves when the current state is durable. */
  save(): Promise<void> {
    this.#waiting ??= this.#saveAfter(this.#saved);
    return this.#waiting;
  }

  /** Resolves when every change so far is durable. Retries changes that could not be saved. */
  async settled(): Promise<void> {
    await this.#saved.catch(() => this.save());
  }

  #saveAfter(before: Promise<void>): Promise<void> {
    const saved = before
      .catch(() => undefined)
      .then(() => {
        this.#waiting = undefined;
        return this.#storage.saveState(this.#encode());
      });
    // The caller of the save gets its error, and so does the next put.
    saved.catch(() => undefined);
    this.#saved = saved;
    return saved;
  }
}
