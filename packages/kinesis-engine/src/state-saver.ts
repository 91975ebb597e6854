import type { AccountStorage } from './log-storage.ts';

/** Saves the state of an account: one write at a time, and in each the state as it is when it begins. */
export class StateSaver {
  readonly #storage: AccountStorage;
  readonly #encode: () => string;
  #saved: Promise<void> = Promise.resolve();
  /** A save that has not begun yet; calls that come until then share it. */
  #waiting: Promise<void> | undefined;

  constructor(storage: AccountStorage, encode: () => string) {
    this.#storage = storage;
    this.#encode = encode;
  }

  /** Resolves when the state as it is now is durable. */
  save(): Promise<void> {
    this.#waiting ??= this.#saveAfter(this.#saved);
    return this.#waiting;
  }

  /** Resolves when every change so far is durable; saves what could not be saved before. */
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
    // Who asked for it learns of its failure, and the next put does.
    saved.catch(() => undefined);
    this.#saved = saved;
    return saved;
  }
}
