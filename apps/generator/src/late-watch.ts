/** Tells which points of a file are late when they are sent. */
export class LateWatch {
  readonly #outOfOrdernessMs: number;
  #newestMs = Number.NEGATIVE_INFINITY;
  /** How far a point was behind the newest, at most. */
  furthestBehindMs = 0;

  constructor(outOfOrdernessMs: number) {
    this.#outOfOrdernessMs = outOfOrdernessMs;
  }

  /**
   * Takes the next point that is sent.
   *
   * @param nowMs about when it arrives: the clock of a point in the future makes no other late
   * @returns whether it is further behind the newest point sent than points may be
   */
  isLate(timeMs: number, nowMs: number): boolean {
    const behindMs = this.#newestMs - timeMs;
    this.#newestMs = Math.max(this.#newestMs, Math.min(timeMs, nowMs));
    this.furthestBehindMs = Math.max(this.furthestBehindMs, behindMs);
    return behindMs > this.#outOfOrdernessMs;
  }
}
