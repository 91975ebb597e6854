/** How often a file may step back in time, limited by memory: 24 bytes per step. */
export const runsMax = 2 ** 24;
/** Initial capacity in runs, doubled as needed. */
const runsMin = 1_024;

/** How far a file is from time order. */
export interface Disorder {
  /** How often a point is older than the previous one. */
  readonly stepsBack: number;
  /** The furthest that a point is behind the newest one before it. */
  readonly furthestBehindMs: number;
}

/**
 * The runs of a file in which time does not step back: one when it is in order, one per sensor when
 * it is sorted by sensor, and one for every two points when it is shuffled.
 *
 * Merging them gives time order, with equal times in file order. Memory grows only with their
 * number, whatever the size of the file.
 */
export class TimeRuns {
  readonly #runsMax: number;
  /** For each run: the position and time of its next point, and how many points are left. */
  readonly #offsets: Float64Array<ArrayBuffer>;
  readonly #timesMs: Float64Array<ArrayBuffer>;
  readonly #pointsLeft: Uint32Array<ArrayBuffer>;
  #count = 0;
  #lastMs = Number.NEGATIVE_INFINITY;
  #newestMs = Number.NEGATIVE_INFINITY;
  #furthestBehindMs = 0;
  /** A binary heap of runs with points left; the earliest next point is on top. */
  #heap = new Uint32Array(0);
  #heapSize = 0;

  constructor(most = runsMax) {
    this.#runsMax = most;
    // Only reserved address space: memory use grows with the runs.
    const growing = (bytes: number) => new ArrayBuffer(0, { maxByteLength: most * bytes });
    this.#offsets = new Float64Array(growing(8));
    this.#timesMs = new Float64Array(growing(8));
    this.#pointsLeft = new Uint32Array(growing(4));
  }

  /** Number of stored entries. */
  get count(): number {
    return this.#count;
  }

  /** Undefined before the first point. */
  get newestMs(): number | undefined {
    return this.#count === 0 ? undefined : this.#newestMs;
  }

  get disorder(): Disorder {
    return { stepsBack: Math.max(0, this.#count - 1), furthestBehindMs: this.#furthestBehindMs };
  }

  /**
   * Adds the next point of the file.
   *
   * @returns false when there are too many runs, so the file cannot be merged
   */
  add(offset: number, timeMs: number): boolean {
    this.#furthestBehindMs = Math.max(this.#furthestBehindMs, this.#newestMs - timeMs);
    this.#newestMs = Math.max(this.#newestMs, timeMs);
    if (timeMs < this.#lastMs || this.#count === 0) {
      if (this.#count === this.#runsMax) return false;
      this.#begin(offset, timeMs);
    }
    this.#lastMs = timeMs;
    const run = this.#count - 1;
    this.#pointsLeft[run] = (this.#pointsLeft[run] ?? 0) + 1;
    return true;
  }

  /** Ends adding points, and starts the merge. */
  seal(): void {
    this.#heap = Uint32Array.from({ length: this.#count }, (_, run) => run);
    this.#heapSize = this.#count;
    for (let at = (this.#count >> 1) - 1; at >= 0; at--) this.#sink(at);
  }

  /** Position and run of the earliest remaining point; undefined when there is none. */
  earliest(): { readonly run: number; readonly offset: number } | undefined {
    if (this.#heapSize === 0) return undefined;
    const run = this.#heap[0] ?? 0;
    return { run, offset: this.#offsets[run] ?? 0 };
  }

  /** How many points are left in the run of the earliest point. */
  pointsLeft(run: number): number {
    return this.#pointsLeft[run] ?? 0;
  }

  /**
   * Removes the earliest point. The caller passes the next one of its run, unless it was the last.
   */
  advance(next?: { readonly offset: number; readonly timeMs: number }): void {
    const run = this.#heap[0] ?? 0;
    if (next) {
      this.#offsets[run] = next.offset;
      this.#timesMs[run] = next.timeMs;
      this.#pointsLeft[run] = this.pointsLeft(run) - 1;
    } else {
      this.#heapSize--;
      this.#heap[0] = this.#heap[this.#heapSize] ?? 0;
    }
    this.#sink(0);
  }

  #begin(offset: number, timeMs: number): void {
    const run = this.#count++;
    const held = this.#offsets.length;
    if (run === held) {
      const wanted = Math.min(this.#runsMax, Math.max(runsMin, held * 2));
      for (const entries of [this.#offsets, this.#timesMs, this.#pointsLeft]) {
        entries.buffer.resize(wanted * entries.BYTES_PER_ELEMENT);
      }
    }
    this.#offsets[run] = offset;
    this.#timesMs[run] = timeMs;
  }

  #sink(from: number): void {
    const heap = this.#heap;
    const run = heap[from] ?? 0;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#heapSize) break;
      if (child + 1 < this.#heapSize && this.#isBefore(heap[child + 1], heap[child])) child++;
      if (!this.#isBefore(heap[child], run)) break;
      heap[at] = heap[child] ?? 0;
      at = child;
    }
    heap[at] = run;
  }

  /** Runs are numbered in file order. */
  #isBefore(a = 0, b = 0): boolean {
    const [aMs = 0, bMs = 0] = [this.#timesMs[a], this.#timesMs[b]];
    return aMs < bMs || (aMs === bMs && a < b);
  }
}
