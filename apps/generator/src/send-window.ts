/** A limit on concurrent sends: the backpressure between making points and the stream. */
export class SendWindow {
  readonly #sendsMax: number;
  readonly #underWay = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  constructor(sendsMax: number) {
    this.#sendsMax = sendsMax;
  }

  /**
   * Adds a send in progress. Resolves when another one may start.
   *
   * @throws the error of an earlier send
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

  /** Resolves when no send is in progress. */
  async drain(): Promise<void> {
    await Promise.all(this.#underWay);
    this.#throwIfFailed();
  }

  #throwIfFailed(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
