/** Something that happens every so often, by a clock that is shown to it. */
export class Recurrence {
  readonly #intervalMs: number | undefined;
  #lastMs = Number.NEGATIVE_INFINITY;

  /** @param intervalMs undefined for never */
  constructor(intervalMs: number | undefined) {
    this.#intervalMs = intervalMs;
  }

  /** Whether it is time again; then the next time is an interval later. */
  isDue(nowMs: number): boolean {
    if (this.#intervalMs === undefined) return false;
    // A clock that was set back must not stop it.
    const isWaiting = this.#lastMs <= nowMs && nowMs < this.#lastMs + this.#intervalMs;
    if (!isWaiting) this.#lastMs = nowMs;
    return !isWaiting;
  }
}
