/**
 * A rate with one second of burst. An amount larger than the burst passes when the bucket is full,
 * and is paid back afterwards.
 */
export class TokenBucket {
  readonly #perSecond: number;
  #tokens: number;
  #filledMs: number;

  constructor(perSecond: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#tokens = perSecond;
    this.#filledMs = nowMs;
  }

  has(tokens: number, nowMs: number): boolean {
    // Fractions of milliseconds lose thousandths of a token, which must not cause a refusal.
    return this.#fill(nowMs) + 0.001 >= Math.min(tokens, this.#perSecond);
  }

  /** Takes unconditionally. The bucket may be in debt afterwards. */
  take(tokens: number, nowMs: number): void {
    this.#tokens = this.#fill(nowMs) - tokens;
  }

  #fill(nowMs: number): number {
    const gained = (Math.max(0, nowMs - this.#filledMs) / 1000) * this.#perSecond;
    this.#tokens = Math.min(this.#perSecond, this.#tokens + gained);
    this.#filledMs = nowMs;
    return this.#tokens;
  }
}
