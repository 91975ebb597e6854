/** Of about two nanoseconds each. One batch of rows may take so many: a second on a slow machine. */
const unitsMax = 250_000_000;

/** After so many, some milliseconds, the query is asked whether it may go on. */
const unitsBetweenLooks = 1_000_000;

/** Counts what a function computes for one batch of rows, for which it holds the thread. */
export class Work {
  readonly #name: string;
  readonly #look: () => void;
  #spent = 0;
  #nextLook = unitsBetweenLooks;

  /**
   * @param name of the function, for the message
   * @param look throws when the query was stopped
   */
  constructor(name: string, look: () => void) {
    this.#name = name;
    this.#look = look;
  }

  /**
   * To be called before what it counts is computed.
   *
   * @throws {Error} when it is too much for one batch, or the query was stopped
   */
  spend(units: number): void {
    this.#spent += units;
    if (this.#spent < this.#nextLook) return;
    if (this.#spent > unitsMax) {
      throw new Error(
        `The inputs of ${this.#name} in one batch of rows are too large: it would compute for too long`,
      );
    }
    this.#look();
    this.#nextLook = this.#spent + unitsBetweenLooks;
  }
}
