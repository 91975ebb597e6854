/** A bound on how many things are under way at once. First come, first served. */
export class Slots {
  #freeCount: number;
  readonly #waiting: (() => void)[] = [];

  constructor(slotsCount: number) {
    this.#freeCount = slotsCount;
  }

  /** Runs a task when a slot is free, and frees it when the task has ended. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#freeCount > 0) this.#freeCount--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await task();
    } finally {
      // The slot goes straight to the next in line, so that none can slip in between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#freeCount++;
    }
  }
}
