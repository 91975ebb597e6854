/** A bound on sends under way: the backpressure between making points and the stream. */
export class SendWindow {
  readonly #sendsMax: number;
  readonly #underWay = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  constructor(sendsMax: number) {
    this.#sendsMax = sendsMax;
  }

  /**
   * Takes a send that has begun, and resolves when there is room for another.
   *
   * @throws what an earlier send failed with
   */
  async add(send: Promise<void>): Promise<void> {
    const settled = send
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#underWay.delete(settled));
    this.#underWay.add(settled);
    while (this.#underWay.size >= this.#sendsMax) await Promise.race(this.#underWay);
    this.#throwIfFailed();
  }

  /** Resolves when nothing is under way. */
  async drain(): Promise<void> {
    await Promise.all(this.#underWay);
    this.#throwIfFailed();
  }

  #throwIfFailed(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
