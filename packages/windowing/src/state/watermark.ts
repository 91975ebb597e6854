/**
 * The watermark of one shard: it follows the stream, not the fastest clock. Each record counts with
 * the newest of its points, but with no time later than its own arrival, so a device whose clock is
 * ahead moves the watermark no further than a prompt device with a right clock would:
 *
 *     max over records of min(newest event time, arrival time) − out-of-orderness − 1 ms
 *
 * It advances when a record ends, so the order of points within a record means nothing. Arrival time
 * is part of the record, so a replay decides the same. (Rule R26, with Flink's maximum of event times
 * replaced; see decision 0013.)
 */
export class Watermark {
  readonly #outOfOrdernessMs: number;
  #currentMs: number;
  #recordMs: number;

  /**
   * @param currentMs what a restored or inherited shard starts from; −Infinity for a new one
   * @param recordMs of a record that a checkpoint has split: the newest time of its points so far
   */
  constructor(
    outOfOrdernessMs: number,
    currentMs = Number.NEGATIVE_INFINITY,
    recordMs = Number.NEGATIVE_INFINITY,
  ) {
    this.#outOfOrdernessMs = outOfOrdernessMs;
    this.#currentMs = currentMs;
    this.#recordMs = recordMs;
  }

  /** No record at or before this is expected any more; −Infinity before the first one has ended. */
  get currentMs(): number {
    return this.#currentMs;
  }

  /** The newest time in the record that has not ended yet; −Infinity when there is none. */
  get recordMs(): number {
    return this.#recordMs;
  }

  /** Whether a record has points and has not ended. */
  get isOpen(): boolean {
    return this.#recordMs > Number.NEGATIVE_INFINITY;
  }

  /** Takes note of a point; the watermark stays until its record ends. */
  observe(eventTimeMs: number, arrivalTimeMs: number): void {
    const timeMs = eventTimeMs < arrivalTimeMs ? eventTimeMs : arrivalTimeMs;
    if (timeMs > this.#recordMs) this.#recordMs = timeMs;
  }

  /** @returns whether the watermark moved; it never moves back */
  endRecord(): boolean {
    const nextMs = this.#recordMs - this.#outOfOrdernessMs - 1;
    this.#recordMs = Number.NEGATIVE_INFINITY;
    if (nextMs <= this.#currentMs) return false;
    this.#currentMs = nextMs;
    return true;
  }
}
