import { ApiError } from '../http/api-error.ts';

/** How many queries may wait for a slot. */
const waitingMax = 100;

/**
 * Lets a few queries compute at once. Each holds a thread of Node's pool of four in its engine
 * while it does, and one must stay free for the changes of the replica.
 */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** @throws {ApiError} ThrottlingException when too many wait already */
  async use<T>(task: () => Promise<T>): Promise<T> {
    await this.#take();
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }

  async #take(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    if (this.#waiting.length >= waitingMax) {
      throw new ApiError('ThrottlingException', 'Too many queries are waiting. Try again later.');
    }
    const turn = Promise.withResolvers<void>();
    this.#waiting.push(turn.resolve);
    await turn.promise;
  }
}
