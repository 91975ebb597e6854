/** Determines which points of a file are late when they are sent. */
export class LateWatch {
  readonly #outOfOrdernessMs: number;
  #newestMs = Number.NEGATIVE_INFINITY;
  /** The furthest that a point was behind the newest. */
  furthestBehindMs = 0;

  constructor(outOfOrdernessMs: number) {
    this.#outOfOrdernessMs = outOfOrdernessMs;
  }

  /**
   * Checks the next point that is sent.
   *
   * @param nowMs about when it arrives: a point in the future makes no other point late beyond this
   * time
   * @returns whether it is further behind the newest point sent than points may be
   */
  isLate(timeMs: number, nowMs: number): boolean {
    const behindMs = this.#newestMs - timeMs;
    this.#newestMs = Math.max(this.#newestMs, Math.min(timeMs, nowMs));
    this.furthestBehindMs = Math.max(this.furthestBehindMs, behindMs);
    return behindMs > this.#outOfOrdernessMs;
  }
}
