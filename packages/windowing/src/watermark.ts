/**
 * The watermark of one shard: the largest event time seen, less the out-of-orderness, less 1 ms
 * (rule R26). Advanced by every record, so that batch boundaries change nothing.
 */
export class Watermark {
  readonly #outOfOrdernessMs: number;
  #currentMs: number;

  /** @param initialMs what a restored or inherited shard starts from; −Infinity for a new one */
  constructor(outOfOrdernessMs: number, initialMs = Number.NEGATIVE_INFINITY) {
    this.#outOfOrdernessMs = outOfOrdernessMs;
    this.#currentMs = initialMs;
  }

  /** No record at or before this is expected any more; −Infinity before the first one. */
  get currentMs(): number {
    return this.#currentMs;
  }

  /** @returns whether the watermark moved; it never moves back */
  observe(eventTimeMs: number): boolean {
    const nextMs = eventTimeMs - this.#outOfOrdernessMs - 1;
    if (nextMs <= this.#currentMs) return false;
    this.#currentMs = nextMs;
    return true;
  }
}
