import assert from 'node:assert/strict';
import { SlotsBusyError } from './errors.ts';

/**
 * A limit on how many tasks run at the same time. First come, first served: a free slot goes
 * directly to the next task in line, so no other task can take it in between.
 */
export class Slots {
  readonly #count: number;
  readonly #waitingMax: number;
  readonly #waiting = new Set<() => void>();
  #takenCount = 0;

  /**
   * @param count from 1
   * @param waitingMax tasks that may wait; more are rejected
   */
  constructor(count: number, waitingMax = Infinity) {
    assert(count >= 1, `count=${count}`);
    this.#count = count;
    this.#waitingMax = waitingMax;
  }

  /** Tasks that have a slot. */
  get takenCount(): number {
    return this.#takenCount;
  }

  /** Tasks that wait for a slot. */
  get waitingCount(): number {
    return this.#waiting.size;
  }

  /**
   * Runs a task when a slot is free, and frees it when the task has ended.
   *
   * @throws any error of the task; any error of {@link take}
   */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    using _slot = await this.take(signal);
    return await task();
  }

  /**
   * Takes a slot as soon as one is free. Disposing it frees it.
   *
   * @throws {SlotsBusyError} when too many are already waiting; the signal's reason when it aborts
   * first
   */
  async take(signal?: AbortSignal): Promise<Disposable> {
    signal?.throwIfAborted();
    if (this.#takenCount < this.#count) this.#takenCount += 1;
    else await this.#wait(signal);
    let isTaken = true;
    return {
      [Symbol.dispose]: () => {
        if (isTaken) this.#free();
        isTaken = false;
      },
    };
  }

  async #wait(signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiting.size >= this.#waitingMax) {
      throw new SlotsBusyError(
        `waiting for a free slot: ${this.#takenCount} tasks are running and ${this.#waiting.size} are waiting, which is the limit; try again later`,
      );
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const giveUp = () => {
      // If it gets its slot at this very moment, it keeps it, and its task sees the abort.
      if (this.#waiting.delete(resolve)) reject(signal?.reason);
    };
    this.#waiting.add(resolve);
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      await promise;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  #free(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#takenCount -= 1;
    else {
      this.#waiting.delete(next);
      next();
    }
  }
}
