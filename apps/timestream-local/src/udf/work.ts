/** Units of about two nanoseconds. Maximum per batch of rows: a second on a slow machine. */
const unitsMax = 250_000_000;

/** After this many units, some milliseconds, the function checks whether the query may continue. */
const unitsBetweenLooks = 1_000_000;

/** Counts the work of a function for one batch of rows, during which it blocks the thread. */
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
   * Call this before the counted work.
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
