/**
 * Points in time, in nanoseconds since the epoch.
 *
 * Each is read as two halves of 32 bits: comparing them, and the time between two of them, takes no
 * `bigint`, of which each would be an object of its own. The time between is the nearest double, as
 * `Number(a - b)` is.
 */
export class Times {
  readonly ns: BigInt64Array;
  readonly length: number;
  /** Two words each, the lower half first, as on all machines that DuckDB has a binding for. */
  readonly #low: Uint32Array;
  readonly #high: Int32Array;

  constructor(ns: BigInt64Array) {
    this.ns = ns;
    this.length = ns.length;
    this.#low = new Uint32Array(ns.buffer, ns.byteOffset, ns.length * 2);
    this.#high = new Int32Array(ns.buffer, ns.byteOffset, ns.length * 2);
  }

  /** From `others[at]` to the time at `index`. */
  since(index: number, others: Times, at: number): number {
    const high = (this.#high[index * 2 + 1] ?? 0) - (others.#high[at * 2 + 1] ?? 0);
    return high * 2 ** 32 + ((this.#low[index * 2] ?? 0) - (others.#low[at * 2] ?? 0));
  }

  isSame(index: number, others: Times, at: number): boolean {
    return (
      this.#low[index * 2] === others.#low[at * 2] &&
      this.#high[index * 2 + 1] === others.#high[at * 2 + 1]
    );
  }

  /** Whether the time at `index` is after `others[at]`. */
  isAfter(index: number, others: Times, at: number): boolean {
    const [own, other] = [this.#high[index * 2 + 1] ?? 0, others.#high[at * 2 + 1] ?? 0];
    return own === other ? (this.#low[index * 2] ?? 0) > (others.#low[at * 2] ?? 0) : own > other;
  }
}
