import assert from 'node:assert/strict';
import { SlotsBusyError } from './errors.ts';

/**
 * A bound on how many tasks are under way at once. First come, first served: a slot that becomes free
 * goes straight to the next in line, so that none can slip in between.
 */
export class Slots {
  readonly #count: number;
  readonly #waitingMax: number;
  readonly #waiting = new Set<() => void>();
  #takenCount = 0;

  /**
   * @param count from 1
   * @param waitingMax tasks that may wait; more are refused
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

  /** Tasks that wait for one. */
  get waitingCount(): number {
    return this.#waiting.size;
  }

  /**
   * Runs a task when a slot is free, and frees it when the task has ended.
   *
   * @throws what the task throws; what {@link take} throws
   */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    using _slot = await this.take(signal);
    return await task();
  }

  /**
   * Takes a slot when there is one. Disposing it frees it.
   *
   * @throws {SlotsBusyError} when too many wait already; the signal's reason when it aborts first
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
      // When its turn has come at this very moment, it has the slot, and its task learns of the end.
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
